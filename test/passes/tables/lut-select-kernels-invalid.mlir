// RUN: %tritc-opt %s --lut-select-kernels --split-input-file --verify-diagnostics

// expected-error @+1 {{expected the attribute lut.target}}
module @rejects_a_module_without_target {}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = 0>} {
  func.func @rejects_weights_without_a_place(%q: tensor<1x24xi8>, %steps: tensor<1xf32>, %w: !bitnet.ternary<48x24>) -> tensor<1x48xf32> {
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x24xi8>, !bitnet.ternary<48x24> -> tensor<1x48xi32>
    // expected-error @+1 {{expected a parameter with a place in the section}}
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x48xi32>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
    return %y : tensor<1x48xf32>
  }
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = 0>} {
  bitnet.weight @w : !bitnet.ternary<48x24> from ["w"] {lut.layout = #lut.layout<offset = 0, stride = 384, packing = <signed_nibble, rows = 64>>}
  func.func @rejects_weights_that_no_kernel_reads(%q: tensor<1x24xi8>, %steps: tensor<1xf32>) -> tensor<1x48xf32> {
    %w = bitnet.parameter @w : !bitnet.ternary<48x24>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x24xi8>, !bitnet.ternary<48x24> -> tensor<1x48xi32>
    // expected-error @+1 {{no kernel of the target reads weights packed #lut.packing<signed_nibble, rows = 64>}}
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x48xi32>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
    return %y : tensor<1x48xf32>
  }
}
