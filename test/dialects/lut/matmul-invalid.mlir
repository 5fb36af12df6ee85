// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @matmul_c1_rejects_wrong_width(%x: tensor<?x25xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the activations: expected 24, found 25}}
  %y = lut.matmul %x, %s, %w packed <codes, rows = 1> : tensor<?x25xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return
}

// -----

func.func @matmul_c2_rejects_wrong_rows(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the result: expected 48, found 47}}
  %y = lut.matmul %x, %s, %w packed <codes, rows = 1> : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x47xf32>
  return
}

// -----

func.func @matmul_c3_rejects_one_step_for_all(%x: tensor<4x24xi8>, %s: tensor<1xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{number of tokens: expected 4, found 1}}
  %y = lut.matmul %x, %s, %w packed <codes, rows = 1> : tensor<4x24xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<4x48xf32>
  return
}

// -----

func.func @matmul_c4_rejects_empty_tile(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{expected a positive token tile, found 0}}
  %y = lut.matmul %x, %s, %w packed <codes, rows = 1> {token_tile = 0 : i64} : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return
}
