// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @matmul_c1_rejects_wrong_width(%x: tensor<?x25xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the activations: expected 24, found 25}}
  %y = lut.matmul %x, %s, %w packed <codes, rows = 1> by <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2> : tensor<?x25xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return
}

// -----

func.func @matmul_c2_rejects_wrong_rows(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{width of the result: expected 48, found 47}}
  %y = lut.matmul %x, %s, %w packed <codes, rows = 1> by <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2> : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x47xf32>
  return
}

// -----

func.func @matmul_c3_rejects_one_step_for_all(%x: tensor<4x24xi8>, %s: tensor<1xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error @+1 {{number of tokens: expected 4, found 1}}
  %y = lut.matmul %x, %s, %w packed <codes, rows = 1> by <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2> : tensor<4x24xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<4x48xf32>
  return
}

// -----

func.func @matmul_c4_rejects_words(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error-re @+1 {{expected dot products of #lut.packing<dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, found #lut.dot_shape<{{.*}}>}}
  %y = lut.matmul %x, %s, %w packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> by <sum_bits = 16, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return
}

// -----

func.func @matmul_c4_rejects_pairs_of_columns(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error-re @+1 {{expected dot products of #lut.packing<dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, found #lut.dot_shape<{{.*}}>}}
  %y = lut.matmul %x, %s, %w packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> by <sum_bits = 32, rows = 16, tokens = 1, columns = 2, row_tile = 64, token_tile = 6, load_columns = 4> : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return
}

// -----

func.func @matmul_c4_rejects_other_columns_of_trits(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error-re @+1 {{expected dot products of #lut.packing<trit_bytes, rows = 40, dot_rows = 2, dot_columns = 8>, found #lut.dot_shape<{{.*}}>}}
  %y = lut.matmul %x, %s, %w packed <trit_bytes, rows = 40, dot_rows = 2, dot_columns = 8> by <sum_bits = 32, rows = 2, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return
}

// -----

func.func @matmul_c4_rejects_other_rows(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error-re @+1 {{expected dot products of #lut.packing<dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, found #lut.dot_shape<{{.*}}>}}
  %y = lut.matmul %x, %s, %w packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> by <sum_bits = 32, rows = 8, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return
}

// -----

func.func @matmul_c4_rejects_small_codes_of_trits(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) {
  // expected-error-re @+1 {{expected dot products of #lut.packing<trit_bytes, rows = 40, dot_rows = 8, dot_columns = 4>, found #lut.dot_shape<{{.*}}>}}
  %y = lut.matmul %x, %s, %w packed <trit_bytes, rows = 40, dot_rows = 8, dot_columns = 4> by <sum_bits = 32, rows = 8, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4 of small codes> : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return
}
