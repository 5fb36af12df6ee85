// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

// CHECK: module attributes {lut.context_size = 4 : i64, lut.image_bytes = 4096 : i64, lut.kv_cache_bytes = 8192 : i64, lut.max_tokens = 8 : i64
module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  // CHECK-NOT: bitnet.weight
  bitnet.weight @rows : tensor<9x24xbf16> x 2 from ["rows.{}"] {lut.layout = #lut.layout<offset = 64, stride = 448>}

  // weights, KV cache, tokens, places, logits, trace, token count, first logit
  // CHECK: func @f(%[[WEIGHTS:.*]]: memref<4096xi8>, %{{.*}}: memref<1x2x1x2x64x16xf16>, %[[TOKENS:.*]]: memref<8xi32>, %{{.*}}: memref<8x2xi32>, %[[LOGITS:.*]]: memref<8x9xf32>, %{{.*}}: memref<3x8x1xf32>, %[[COUNT:.*]]: index, %[[FIRST:.*]]: index)
  // CHECK: %[[X:.*]] = memref.alloc() : memref<8x640xf32>
  // CHECK: %[[TABLE:.*]] = memref.view %[[WEIGHTS]][%c512][] : memref<4096xi8> to memref<9x24xbf16>
  // CHECK: scf.forall (%[[T:.*]]) in (%[[COUNT]]) {
  // CHECK: memref.load %[[TOKENS]][%[[T]]]
  // CHECK: vector.maskedstore %[[X]][%[[T]], %{{.*}}], %{{.*}}, %{{.*}} : memref<8x640xf32>
  // CHECK: {mapping = [#lut.share<rows>]}
  // Four rows of the table share a token; only wanted logits are computed.
  // CHECK: scf.forall (%{{.*}}) in (3)
  // CHECK: %[[START:.*]] = arith.minui %[[FIRST]], %[[COUNT]]
    // CHECK: scf.for %[[U:.*]] = %[[START]] to %[[COUNT]]
  // CHECK-COUNT-4: memref.store %{{.*}}, %[[LOGITS]][%[[U]],
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %layer = arith.constant 1 : index
    %rows = bitnet.parameter @rows[%layer] : tensor<9x24xbf16>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x24xbf16> -> tensor<?x24xf32>
    %logits = bitnet.head %x, %rows from %first : tensor<?x24xf32>, tensor<9x24xbf16> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
