// RUN: %tritc-opt %s --lut-select-kernels --split-input-file --verify-diagnostics

// expected-error @+1 {{expected the attribute lut.target}}
module @rejects_a_module_without_target {}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4>, cycles = 1>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16>, prefill_tokens = 16, prefetch_bytes = 0>} {
  func.func @rejects_sums_beyond_32_bits(%q: tensor<1x65536xi8>, %steps: tensor<1xf32>, %w: !bitnet.ternary<16x65536>) -> tensor<1x16xf32> {
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x65536xi8>, !bitnet.ternary<16x65536> -> tensor<1x16xi32>
    // expected-error @+1 {{no kernel of the target takes 65536 columns}}
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x16xi32>, tensor<1xf32>, !bitnet.ternary<16x65536> -> tensor<1x16xf32>
    return %y : tensor<1x16xf32>
  }
}
