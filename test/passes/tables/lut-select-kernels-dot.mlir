// RUN: %tritc-opt %s --lut-plan-image --lut-select-kernels | FileCheck %s

module attributes {lut.target = #lut.target<kernels = [<packing = <dot_codes, rows = 64, dot_rows = 8, dot_columns = 4>, cycles = 15 by <sum_bits = 32, rows = 8, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 4 of small codes>>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 6, load_columns = 2>, prefill_tokens = 96, prefetch_bytes = 0>} {
  bitnet.weight @w : !bitnet.ternary<48x24> from ["w"]
  // CHECK-LABEL: func @a_kernel_may_have_its_own_dot_products
  func.func @a_kernel_may_have_its_own_dot_products(%q: tensor<?x24xi8>, %steps: tensor<?xf32>) -> tensor<?x48xf32> {
    // CHECK: lut.matmul {{.*}} by <sum_bits = 32, rows = 8, {{.*}} of small codes>
    %w = bitnet.parameter @w : !bitnet.ternary<48x24>
    %sums = bitnet.ternary_matmul %q, %w : tensor<?x24xi8>, !bitnet.ternary<48x24> -> tensor<?x48xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<?x48xi32>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
    return %y : tensor<?x48xf32>
  }
}
