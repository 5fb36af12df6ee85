// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @matvec_c1_rejects_two_tokens(%t: tensor<2x256xi8>, %s: tensor<2xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{number of tokens: expected 1, found 2}}
  %y = lut.matvec %t, %s, %w packed <signed_nibble, rows = 64> : tensor<2x256xi8>, tensor<2xf32>, !bitnet.ternary<48x24> -> tensor<2x48xf32>
  return
}

// -----

func.func @matvec_c2_rejects_tables_of_other_columns(%t: tensor<1x256xi8>, %s: tensor<1xf32>, %w: !bitnet.ternary<48x25>) {
  // expected-error @+1 {{bytes of table: expected 512, found 256}}
  %y = lut.matvec %t, %s, %w packed <signed_nibble, rows = 64> : tensor<1x256xi8>, tensor<1xf32>, !bitnet.ternary<48x25> -> tensor<1x48xf32>
  return
}

// -----

func.func @matvec_c3_rejects_padded_result(%t: tensor<1x256xi8>, %s: tensor<1xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the result: expected 48, found 64}}
  %y = lut.matvec %t, %s, %w packed <signed_nibble, rows = 64> : tensor<1x256xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x64xf32>
  return
}

// -----

func.func @matvec_c4_rejects_codes(%t: tensor<1x256xi8>, %s: tensor<1xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{expected a packing that is looked up, found #lut.packing<codes, rows = 1>}}
  %y = lut.matvec %t, %s, %w packed <codes, rows = 1> : tensor<1x256xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
  return
}

// -----

func.func @matvec_c2_rejects_tables_of_another_packing(%t: tensor<1x256xi8>, %s: tensor<1xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{bytes of table: expected 1024, found 256}}
  %y = lut.matvec %t, %s, %w packed <index_words, rows = 64> : tensor<1x256xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
  return
}

// -----

func.func @matvec_c4_rejects_dot_codes(%t: tensor<1x256xi8>, %s: tensor<1xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{expected a packing that is looked up, found #lut.packing<dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>}}
  %y = lut.matvec %t, %s, %w packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> : tensor<1x256xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
  return
}
