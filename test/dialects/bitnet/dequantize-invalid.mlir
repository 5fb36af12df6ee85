// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @dequantize_c1_rejects_lost_tokens(%sums: tensor<4x48xi32>, %steps: tensor<4xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{number of tokens: expected 4, found 3}}
  %y = bitnet.dequantize %sums, %steps, %w : tensor<4x48xi32>, tensor<4xf32>, !bitnet.ternary<48x24> -> tensor<3x48xf32>
  return
}

// -----

func.func @dequantize_c1_rejects_other_width(%sums: tensor<4x48xi32>, %steps: tensor<4xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the result: expected 48, found 47}}
  %y = bitnet.dequantize %sums, %steps, %w : tensor<4x48xi32>, tensor<4xf32>, !bitnet.ternary<48x24> -> tensor<4x47xf32>
  return
}

// -----

func.func @dequantize_c2_rejects_one_step_for_all(%sums: tensor<4x48xi32>, %steps: tensor<1xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{number of tokens: expected 4, found 1}}
  %y = bitnet.dequantize %sums, %steps, %w : tensor<4x48xi32>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<4x48xf32>
  return
}

// -----

func.func @dequantize_c3_rejects_another_weight(%sums: tensor<4x48xi32>, %steps: tensor<4xf32>, %w: !bitnet.ternary<32x24>) {
  // expected-error @+1 {{width of the sums: expected 32, found 48}}
  %y = bitnet.dequantize %sums, %steps, %w : tensor<4x48xi32>, tensor<4xf32>, !bitnet.ternary<32x24> -> tensor<4x48xf32>
  return
}
