// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // Each token's row is one iteration; those before the first wanted are empty.
  // CHECK: func.func @f({{.*}}, %[[OUTPUT:[a-z0-9]*]]: memref<8x16xf32>, {{.*}}: index, %[[FIRST:.*]]: index)
  // CHECK: scf.forall (%[[TOKEN:.*]]) in
  // CHECK: arith.maxui %[[FIRST]], %[[TOKEN]]
  // CHECK: math.fma
  // CHECK: math.sqrt
  // CHECK: arith.constant 9.99999996E-13 : f32
  // CHECK: %[[Y:.*]] = arith.divf {{.*}} : vector<16xf32>
  // CHECK: vector.store %[[Y]], %[[OUTPUT]]
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x16xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows scaled by 4.0 : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %y = bitnet.unit %x from %first : tensor<?x16xf32>
    return %y : tensor<?x16xf32>
  }
}
