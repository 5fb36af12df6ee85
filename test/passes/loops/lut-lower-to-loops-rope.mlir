// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @rope : tensor<4x2x8xf32> init #bitnet.rope_table<theta = 1.0e4> {lut.layout = #lut.layout<offset = 576, stride = 256>}

  // CHECK-LABEL: func @f
  // CHECK-SAME: memref<8xi32>, %[[PLACES:[^ ]*]]: memref<8x2xi32>
  // CHECK: %[[TABLE:.*]] = memref.view %{{.*}} to memref<4x2x8xf32>
  // CHECK: scf.forall (%[[T:.*]]) in
  // CHECK: %[[POSITION:.*]] = memref.load %[[PLACES]][%[[T]], %{{.*}}]
  // CHECK: %[[ROW:.*]] = arith.index_cast %[[POSITION]]
  // CHECK: vector.maskedload %[[TABLE]][%[[ROW]],
  // CHECK: vector.maskedload %[[TABLE]][%[[ROW]],
  // CHECK: arith.subf
  // CHECK: arith.addf
  // CHECK: {mapping = [#lut.share<rows>]}
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %t = bitnet.parameter @rope : tensor<4x2x8xf32>
    %y = bitnet.rope %x, %t at %places : tensor<?x16xf32>, tensor<4x2x8xf32>, tensor<?x2xi32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
