// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @linear_c1_rejects_wrong_width(%x: tensor<?x23xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the input: expected 24, found 23}}
  %y = bitnet.linear %x, %w : tensor<?x23xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return
}

// -----

func.func @linear_c2_rejects_wrong_rows(%x: tensor<?x24xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the result: expected 48, found 24}}
  %y = bitnet.linear %x, %w : tensor<?x24xf32>, !bitnet.ternary<48x24> -> tensor<?x24xf32>
  return
}

// -----

func.func @linear_c3_rejects_lost_tokens(%x: tensor<?x24xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{number of tokens: expected ?, found 1}}
  %y = bitnet.linear %x, %w : tensor<?x24xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
  return
}
