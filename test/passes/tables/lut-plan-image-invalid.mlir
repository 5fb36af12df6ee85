// RUN: %tritc-opt %s --lut-plan-image --split-input-file --verify-diagnostics

// expected-error @+1 {{expected the attribute lut.target}}
module @rejects_a_module_without_target {}

// -----

module attributes {lut.target = #lut.target<packing = <codes, rows = 1>, prefill_tokens = 16, token_tile = 1, prefetch_bytes = 0>} {
  // expected-error @+1 {{the weight section exceeds 2^63 bytes}}
  bitnet.weight @rejects_a_tensor_beyond_63_bits : tensor<4611686018427387904xf32> from ["w"]
}

// -----

module attributes {lut.target = #lut.target<packing = <codes, rows = 1>, prefill_tokens = 16, token_tile = 1, prefetch_bytes = 0>} {
  // expected-error @+1 {{the weight section exceeds 2^63 bytes}}
  bitnet.weight @rejects_layers_beyond_63_bits : tensor<4294967296xf32> x 4294967296 from ["w.{}"]
}

// -----

module attributes {lut.target = #lut.target<packing = <codes, rows = 1>, prefill_tokens = 16, token_tile = 1, prefetch_bytes = 0>} {
  // expected-error @+1 {{the weight section exceeds 2^63 bytes}}
  bitnet.weight @rejects_a_matrix_beyond_63_bits : !bitnet.ternary<4611686018427387904x16> from ["w"]
}
