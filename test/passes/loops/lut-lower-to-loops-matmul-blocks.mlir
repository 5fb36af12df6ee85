// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <index_words, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> blocks = <sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 768>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 704, packing = <index_words, rows = 64>>}

  // Activations have rows for a whole group of tokens, and whole products.
  // CHECK: %[[X:.*]] = memref.alloc() : memref<16x192xi8>
  // CHECK: scf.forall (%{{.*}}) in (1)
  // Codes of 16 rows are a matrix of their own, and so are their sums.
  // CHECK: %[[CODES:.*]] = memref.alloca() {{.*}} : memref<768x64xi8>
  // CHECK: %[[SUMS:.*]] = memref.alloca() {{.*}} : memref<64x16xi32>
  // CHECK: lut.lookup
  // CHECK: %[[LOW:.*]] = vector.extract_strided_slice %[[SIDE:.*]] {offsets = [0], {{.*}} : vector<128xi8> to vector<64xi8>
  // CHECK: vector.store %[[LOW]], %[[CODES]]
  // CHECK: %[[HIGH:.*]] = vector.extract_strided_slice %[[SIDE]] {offsets = [64], {{.*}} : vector<128xi8> to vector<64xi8>
  // CHECK: vector.store %[[HIGH]], %[[CODES]]
  // Columns 48 to 63 have no weight.
  // CHECK: %[[NONE:.*]] = arith.constant dense<0> : vector<64xi8>
  // CHECK: vector.store %[[NONE]], %[[CODES]]
  // Two groups of tokens by two of rows, then one group of tokens.
  // CHECK: arith.ceildivui
  // CHECK-COUNT-4: lut.load_register %[[SUMS]]{{.*}} !lut.register<16x16xi32>
  // CHECK: scf.for {{.*}} -> (!lut.register<16x16xi32>, !lut.register<16x16xi32>, !lut.register<16x16xi32>, !lut.register<16x16xi32>)
  // CHECK-COUNT-2: lut.load_register %[[X]]{{.*}} !lut.register<16x64xi8>
  // CHECK-COUNT-2: lut.load_register %[[CODES]]{{.*}} !lut.register<16x64xi8>
  // CHECK-COUNT-4: lut.dot_registers
  // CHECK-COUNT-4: lut.store_register %{{.*}}, %[[SUMS]]
  // CHECK: scf.for {{.*}} -> (!lut.register<16x16xi32>, !lut.register<16x16xi32>)
  // CHECK-COUNT-2: lut.dot_registers
  // CHECK-NOT: lut.dot_registers
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %q, %s = bitnet.quantize %x : tensor<?x16xf32> -> tensor<?x16xi8>, tensor<?xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <index_words, rows = 64> by <sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 768> : tensor<?x16xi8>, tensor<?xf32>, !bitnet.ternary<16x16> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
