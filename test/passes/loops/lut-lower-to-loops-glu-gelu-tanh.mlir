// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // gate * logistic(2u), 2u = gate * (a + b * gate^2) with one fused step.
  // CHECK: vector.store %{{.*}}, %[[X:[a-z0-9_]*]][
  // CHECK: scf.forall
  // CHECK: %[[GATE:.*]] = vector.load %[[X]]
  // CHECK: %[[SQUARE:.*]] = arith.mulf %[[GATE]], %[[GATE]]
  // CHECK: %[[INNER:.*]] = math.fma %[[SQUARE]]
  // CHECK: %[[U:.*]] = arith.mulf %[[GATE]], %[[INNER]]
  // CHECK: math.absf %[[U]]
  // CHECK: arith.cmpf olt, %[[U]]
  // CHECK: arith.divf
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %y = bitnet.glu <gelu_tanh> %x, %x : tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
