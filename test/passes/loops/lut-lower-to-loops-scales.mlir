// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<32x16> from ["a", "b"] rows [16, 16] {lut.layout = #lut.layout<offset = 576, stride = 384, packing = <signed_nibble, rows = 64>>}

  // Rows from 16 on have the scale of the second source.
  // CHECK: %[[SCALES:.*]] = memref.view %{{.*}} to memref<2xf32>
  // CHECK: %[[BOUNDARY:.*]] = arith.constant 16 : index
  // CHECK: %[[REACHED:.*]] = arith.cmpi uge, %{{.*}}, %[[BOUNDARY]] : index
  // CHECK: %[[SOURCE:.*]] = arith.select %[[REACHED]]
  // CHECK: memref.load %[[SCALES]][%[[SOURCE]]]
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %q, %s = bitnet.quantize %x : tensor<?x16xf32> -> tensor<?x16xi8>, tensor<?xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<32x16>
    %z = lut.matmul %q, %s, %w packed <signed_nibble, rows = 64> by <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2> : tensor<?x16xi8>, tensor<?xf32>, !bitnet.ternary<32x16> -> tensor<?x32xf32>
    %y, %rest = bitnet.split %z : tensor<?x32xf32> -> tensor<?x16xf32>, tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
