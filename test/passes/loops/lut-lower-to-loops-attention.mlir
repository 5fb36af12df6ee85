// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @wide : tensor<9x32xf32> from ["wide"] {lut.layout = #lut.layout<offset = 576, stride = 1152>}

  // CHECK-LABEL: func @prompt
  // CHECK-SAME: %[[CACHE:[^ ]*]]: memref<1x2x1x2x64x16xf16>, %{{[^ ]*}}: memref<8xi32>, %[[PLACES:[^ ]*]]: memref<8x2xi32>
  // Keys, then values, are rounded to f16 before any head reads them.
  // CHECK: scf.forall (%{{.*}}) in (%{{.*}}) {
  // CHECK: arith.truncf %{{.*}} : vector<16xf32> to vector<16xf16>
  // CHECK: vector.store %{{.*}}, %[[CACHE]]
  // CHECK: vector.store %{{.*}}, %[[CACHE]]
  // CHECK: {mapping = [#lut.share<rows>]}
  // One iteration per key head and token, whose two query heads share each
  // load; keys in blocks of 64, each head's largest score and sum carried on.
  // CHECK: scf.forall
  // CHECK: memref.alloca() {{.*}} : memref<4x64xf32>
  // CHECK: scf.for %[[NUMBER:.*]] = %{{.*}} iter_args({{.*}}) -> (f32, f32, f32, f32)
  // CHECK: %[[COLUMN:.*]] = arith.addi %[[NUMBER]], %{{.*}}
  // CHECK: %[[PLACE:.*]] = memref.load %[[PLACES]][%{{.*}}, %[[COLUMN]]]
  // CHECK: %[[PAGE:.*]] = arith.index_cast %[[PLACE]]
  // CHECK: vector.load %[[CACHE]][%[[PAGE]],
  // CHECK-COUNT-2: math.fma
  // CHECK: vector.load %[[CACHE]]
  // CHECK-COUNT-2: math.fma
  // CHECK: arith.divf
  func.func @prompt(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %wide = bitnet.parameter @wide : tensor<9x32xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %q = bitnet.embed %ids, %wide : tensor<?xi32>, tensor<9x32xf32> -> tensor<?x32xf32>
    %layer = arith.constant 1 : index
    %y = bitnet.attention %q, %x, %x at %places layer %layer heads 2 over 1 : tensor<?x32xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x2xi32> -> tensor<?x32xf32>
    %logits = bitnet.head %y, %wide from %first : tensor<?x32xf32>, tensor<9x32xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
