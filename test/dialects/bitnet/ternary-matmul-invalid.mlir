// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @ternary_matmul_c1_rejects_wrong_width(%x: tensor<?x25xi8>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the input: expected 24, found 25}}
  %y = bitnet.ternary_matmul %x, %w : tensor<?x25xi8>, !bitnet.ternary<48x24> -> tensor<?x48xi32>
  return
}

// -----

func.func @ternary_matmul_c2_rejects_wrong_rows(%x: tensor<?x24xi8>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the result: expected 48, found 47}}
  %y = bitnet.ternary_matmul %x, %w : tensor<?x24xi8>, !bitnet.ternary<48x24> -> tensor<?x47xi32>
  return
}

// -----

func.func @ternary_matmul_c3_rejects_lost_tokens(%x: tensor<4x24xi8>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{number of tokens: expected 4, found 1}}
  %y = bitnet.ternary_matmul %x, %w : tensor<4x24xi8>, !bitnet.ternary<48x24> -> tensor<1x48xi32>
  return
}

// -----

func.func @ternary_matmul_c4_rejects_overflowing_sums(%x: tensor<?x16777216xi8>, %w: !bitnet.ternary<1x16777216>) {
  // expected-error @+1 {{expected fewer than 2^24 columns, found 16777216}}
  %y = bitnet.ternary_matmul %x, %w : tensor<?x16777216xi8>, !bitnet.ternary<1x16777216> -> tensor<?x1xi32>
  return
}
