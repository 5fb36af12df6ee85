// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <index_words, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 704, packing = <index_words, rows = 64>>}

  // CHECK: %[[PACKED:.*]] = memref.view %{{.*}} to memref<1x640xi8>
  // CHECK: scf.forall
  // CHECK: %[[CODES:.*]] = memref.alloca() {{.*}} : memref<60x256xi8>
  // CHECK: vector.load %[[PACKED]]
  // Columns 0 and 1 are one lookup; 2 is one half, and 3 of the next group one.
  // CHECK: %[[FIRST:.*]] = lut.lookup %{{.*}}[%[[AT:.*]]] :
  // CHECK: %[[THIRD:.*]] = lut.lookup %{{.*}}[%[[AT]]] :
  // CHECK: %[[FOURTH:.*]] = lut.lookup %{{.*}}[%[[NEXT_AT:.*]]] :
  // CHECK: %[[SECOND:.*]] = arith.ori %[[THIRD]], %[[FOURTH]]
  // Four columns of a row stand side by side, as dot products take them.
  // CHECK: vector.interleave {{.*}} : vector<32xi16> -> vector<64xi16>
  // CHECK: vector.store %{{.*}}, %[[CODES]][%{{.*}}] : memref<60x256xi8>, vector<128xi8>
  // CHECK: vector.load %[[CODES]][%{{.*}}] : memref<60x256xi8>, vector<64xi8>
  // CHECK: lut.dot {{.*}} : vector<16xi32>, vector<64xi8>, vector<4xi8>
  // CHECK: arith.sitofp %{{.*}} : vector<16xi32> to vector<16xf32>
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %q, %s = bitnet.quantize %x : tensor<?x16xf32> -> tensor<?x16xi8>, tensor<?xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <index_words, rows = 64> by <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> : tensor<?x16xi8>, tensor<?xf32>, !bitnet.ternary<16x16> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
