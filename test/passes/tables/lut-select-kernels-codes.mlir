// RUN: %tritc-opt %s --lut-plan-image --lut-select-kernels | FileCheck %s

module attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = 0>} {
  bitnet.weight @w : !bitnet.ternary<48x24> from ["w"]
  // CHECK-LABEL: func @codes_are_never_looked_up
  func.func @codes_are_never_looked_up(%q: tensor<1x24xi8>, %steps: tensor<1xf32>) -> tensor<1x48xf32> {
    // CHECK-NEXT: %[[W:.*]] = bitnet.parameter @w
    // CHECK-NEXT: lut.matmul {{.*}} packed <codes, rows = 1>
    // CHECK-NEXT: return
    %w = bitnet.parameter @w : !bitnet.ternary<48x24>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x24xi8>, !bitnet.ternary<48x24> -> tensor<1x48xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x48xi32>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
    return %y : tensor<1x48xf32>
  }

  // CHECK-LABEL: func @skips_sums_with_another_use
  func.func @skips_sums_with_another_use(%q: tensor<1x24xi8>, %steps: tensor<1xf32>) -> (tensor<1x48xf32>, tensor<1x48xi32>) {
    // CHECK: bitnet.dequantize
    %w = bitnet.parameter @w : !bitnet.ternary<48x24>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x24xi8>, !bitnet.ternary<48x24> -> tensor<1x48xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x48xi32>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
    return %y, %sums : tensor<1x48xf32>, tensor<1x48xi32>
  }
}
