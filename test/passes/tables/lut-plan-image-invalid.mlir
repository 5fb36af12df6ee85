// RUN: %tritc-opt %s --lut-plan-image --split-input-file --verify-diagnostics

// expected-error @+1 {{expected the attribute lut.target}}
module @rejects_a_module_without_target {}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = 0>} {
  // expected-error @+1 {{the weight section exceeds 2^63 bytes}}
  bitnet.weight @rejects_a_tensor_beyond_63_bits : tensor<4611686018427387904xf32> from ["w"]
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = 0>} {
  // expected-error @+1 {{the weight section exceeds 2^63 bytes}}
  bitnet.weight @rejects_layers_beyond_63_bits : tensor<4294967296xf32> x 4294967296 from ["w.{}"]
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = 0>} {
  // expected-error @+1 {{the weight section exceeds 2^63 bytes}}
  bitnet.weight @rejects_a_matrix_beyond_63_bits : !bitnet.ternary<4611686018427387904x16> from ["w"]
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4>, cycles = 1>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16>, prefill_tokens = 16, prefetch_bytes = 0>} {
  // expected-error @+1 {{no kernel of the target takes 65536 columns}}
  bitnet.weight @rejects_sums_beyond_32_bits : !bitnet.ternary<16x65536> from ["w"]
}
