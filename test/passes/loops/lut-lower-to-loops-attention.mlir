// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<packing = <signed_nibble, rows = 64>, prefill_tokens = 8, token_tile = 2, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // CHECK-LABEL: func @f
  // CHECK-SAME: %[[CACHE:[^ ]*]]: memref<2x1x2x4x16xf16>
  // Keys, then values, are rounded to f16 before any head reads them.
  // CHECK: scf.forall (%{{.*}}) in (%{{.*}}) {
  // CHECK: arith.truncf %{{.*}} : vector<16xf32> to vector<16xf16>
  // CHECK: vector.store %{{.*}}, %[[CACHE]]
  // CHECK: vector.store %{{.*}}, %[[CACHE]]
  // CHECK: {lut.rows}
  // One iteration per head and token, keys in blocks of 64.
  // CHECK: scf.forall
  // CHECK: memref.alloca() {{.*}} : memref<64xf32>
  // CHECK: %[[STEP:.*]] = arith.constant 64 : index
  // CHECK: scf.for %{{.*}} step %[[STEP]] iter_args({{.*}}) -> (f32, f32)
  // CHECK: vector.load %[[CACHE]]
  func.func @f(%ids: tensor<?xi32>, %position: index, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    %y = bitnet.attention %x, %x, %x at %position layer %layer heads 1 over 1 : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
