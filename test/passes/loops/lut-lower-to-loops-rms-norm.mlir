// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @norm : tensor<16xf32> from ["norm"] {lut.layout = #lut.layout<offset = 576, stride = 64>}

  // Squares are summed in 16 lanes with fused multiply-adds, then halves are added.
  // CHECK: memref.view %{{.*}} to memref<16xf32>
  // CHECK: scf.forall
  // CHECK: %[[LANES:.*]] = scf.for {{.*}} iter_args(%[[SUM:.*]] = %{{.*}}) -> (vector<16xf32>)
  // CHECK: %[[X:.*]] = vector.load
  // CHECK: math.fma %[[X]], %[[X]], %[[SUM]] : vector<16xf32>
  // CHECK: vector.extract_strided_slice %[[LANES]] {offsets = [0], sizes = [8]
  // CHECK: arith.constant 1.600000e+01 : f32
  // CHECK: %[[MEAN:.*]] = arith.divf
  // CHECK: %[[EPSILON:.*]] = arith.constant 9.99999974E-6 : f32
  // CHECK: arith.addf %[[MEAN]], %[[EPSILON]] : f32
  // CHECK: math.sqrt
  // CHECK: {mapping = [#lut.share<rows>]}
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %w = bitnet.parameter @norm : tensor<16xf32>
    %y = bitnet.rms_norm %x, %w epsilon 1.0e-5 : tensor<?x16xf32>, tensor<16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
