// RUN: %tritc-opt %s --lut-plan-image --lut-select-kernels | FileCheck %s

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50, sign = complement>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 6, load_columns = 2>, prefill_tokens = 96, prefetch_bytes = 4096>} {
  bitnet.weight @w : !bitnet.ternary<48x24> from ["w"]
  // CHECK-LABEL: func @table_and_lookup_agree_on_the_sign
  func.func @table_and_lookup_agree_on_the_sign(%q: tensor<1x24xi8>, %steps: tensor<1xf32>) -> tensor<1x48xf32> {
    // CHECK: lut.table {{.*}} {complement}
    // CHECK: lut.matvec {{.*}} {complement, prefetch_bytes = 4096 : i64}
    %w = bitnet.parameter @w : !bitnet.ternary<48x24>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x24xi8>, !bitnet.ternary<48x24> -> tensor<1x48xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x48xi32>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
    return %y : tensor<1x48xf32>
  }
}
