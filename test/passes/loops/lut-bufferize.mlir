// RUN: %tritc-opt %s --lut-bufferize | FileCheck %s

// CHECK: module attributes {lut.context_size = 4 : i64, lut.image_bytes = 4096 : i64, lut.kv_cache_bytes = 8192 : i64, lut.max_tokens = 8 : i64
module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // weights, KV cache, tokens, places, logits, trace, token count, first logit
  // CHECK: func @operations_stay_what_they_are(%[[WEIGHTS:.*]]: memref<4096xi8>, %{{.*}}: memref<1x2x1x2x64x16xf16>, %[[TOKENS:.*]]: memref<8xi32>, %{{.*}}: memref<8x2xi32>, %[[LOGITS:.*]]: memref<8x9xf32>, %{{.*}}: memref<3x8x1xf32>, %[[COUNT:.*]]: index, %[[FIRST:.*]]: index)
  // CHECK: %[[VIEW:.*]] = memref.subview %[[LOGITS]][0, 0] [%[[COUNT]], 9] [1, 1]
  // CHECK: %[[PLACE:.*]] = memref.cast %[[VIEW]] : {{.*}} to memref<?x9xf32, strided<[?, 1], offset: ?>>
  // CHECK: %[[TABLE:.*]] = bitnet.parameter @rows in %[[WEIGHTS]] : memref<9x16xf32>, memref<4096xi8>
  // CHECK: %[[X:.*]] = bitnet.embed %{{.*}}, %[[TABLE]] : memref<?xi32, strided<[1], offset: ?>>, memref<9x16xf32> -> memref<?x16xf32, strided<[?, 1], offset: ?>>
  // CHECK: %[[Y:.*]] = bitnet.glu <relu2> %[[X]], %[[X]] : memref<?x16xf32, strided<[?, 1], offset: ?>>
  // CHECK: bitnet.head %[[Y]], %[[TABLE]] from %[[FIRST]] into %[[PLACE]]
  // CHECK-NEXT: return{{$}}
  func.func @operations_stay_what_they_are(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %y = bitnet.glu <relu2> %x, %x : tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
