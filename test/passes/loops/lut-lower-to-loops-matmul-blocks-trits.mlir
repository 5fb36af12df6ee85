// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <trit_bytes, rows = 80, dot_rows = 16, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> blocks = <sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 768>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 384, packing = <trit_bytes, rows = 80, dot_rows = 16, dot_columns = 4>>}

  // CHECK: %[[PACKED:.*]] = memref.view %{{.*}} to memref<1x256xi8>
  // Five groups of 16 rows.
  // CHECK: %[[CODES:.*]] = memref.alloca() {{.*}} : memref<960x64xi8>
  // CHECK: %[[BYTES:.*]] = vector.load %[[PACKED]]{{.*}} vector<64xi8>
  // CHECK: %[[FIRST:.*]] = arith.xori %[[BYTES]]
  // CHECK: %[[ISONE:.*]] = arith.cmpi uge, %[[FIRST]]
  // CHECK: %[[ONE:.*]] = arith.extui %[[ISONE]]
  // CHECK: %[[ISTWO:.*]] = arith.cmpi uge, %[[FIRST]]
  // CHECK: %[[TWO:.*]] = arith.extui %[[ISTWO]]
  // CHECK: %[[CODE:.*]] = arith.addi %[[ONE]], %[[TWO]]
  // The next row's weight comes up when a byte is tripled.
  // CHECK: %[[DOUBLE:.*]] = arith.addi %[[FIRST]], %[[FIRST]]
  // CHECK: arith.addi %[[DOUBLE]], %[[FIRST]]
  // CHECK: vector.store %{{.*}}, %[[CODES]]{{.*}} vector<64xi8>
  // Pairs of groups of rows, and the last one by itself, each for pairs of groups
  // of tokens and the last one.
  // CHECK: scf.for {{.*}} -> (!lut.register<16x16xi32>, !lut.register<16x16xi32>, !lut.register<16x16xi32>, !lut.register<16x16xi32>)
  // CHECK: scf.for {{.*}} -> (!lut.register<16x16xi32>, !lut.register<16x16xi32>)
  // CHECK: scf.for {{.*}} -> (!lut.register<16x16xi32>, !lut.register<16x16xi32>)
  // CHECK: scf.for {{.*}} -> (!lut.register<16x16xi32>)
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %q, %s = bitnet.quantize %x : tensor<?x16xf32> -> tensor<?x16xi8>, tensor<?xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <trit_bytes, rows = 80, dot_rows = 16, dot_columns = 4> by <sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 768> : tensor<?x16xi8>, tensor<?xf32>, !bitnet.ternary<16x16> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
