// RUN: %tritc-opt %s --lut-plan-image --lut-select-kernels | FileCheck %s

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 6, load_columns = 2>, prefill_tokens = 96, prefetch_bytes = 4096>} {
  bitnet.weight @w : !bitnet.ternary<48x24> from ["w"]
  // CHECK-LABEL: func @one_token_is_looked_up
  // CHECK-SAME: %[[Q:.*]]: tensor<1x24xi8>, %[[STEPS:.*]]: tensor<1xf32>
  func.func @one_token_is_looked_up(%q: tensor<1x24xi8>, %steps: tensor<1xf32>) -> tensor<1x48xf32> {
    // CHECK-NEXT: %[[W:.*]] = bitnet.parameter @w
    // CHECK-NEXT: %[[TABLE:.*]] = lut.table %[[Q]] for <signed_nibble, rows = 64>
    // CHECK-NEXT: %[[Y:.*]] = lut.matvec %[[TABLE]], %[[STEPS]], %[[W]] packed <signed_nibble, rows = 64> {prefetch_bytes = 4096 : i64}
    // CHECK-NEXT: return %[[Y]]
    %w = bitnet.parameter @w : !bitnet.ternary<48x24>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x24xi8>, !bitnet.ternary<48x24> -> tensor<1x48xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x48xi32>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
    return %y : tensor<1x48xf32>
  }

  // CHECK-LABEL: func @many_tokens_are_multiplied
  // CHECK-SAME: %[[Q:.*]]: tensor<?x24xi8>, %[[STEPS:.*]]: tensor<?xf32>
  func.func @many_tokens_are_multiplied(%q: tensor<?x24xi8>, %steps: tensor<?xf32>) -> tensor<?x48xf32> {
    // CHECK-NEXT: %[[W:.*]] = bitnet.parameter @w
    // CHECK-NEXT: %[[Y:.*]] = lut.matmul %[[Q]], %[[STEPS]], %[[W]] packed <signed_nibble, rows = 64> by <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 6, load_columns = 2>
    // CHECK-NEXT: return %[[Y]]
    %w = bitnet.parameter @w : !bitnet.ternary<48x24>
    %sums = bitnet.ternary_matmul %q, %w : tensor<?x24xi8>, !bitnet.ternary<48x24> -> tensor<?x48xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<?x48xi32>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
    return %y : tensor<?x48xf32>
  }
}
