// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected 16 or 32 bits and positive numbers, found sum_bits = 8, rows = 16, tokens = 1, columns = 4}}
func.func private @dot_shape_c1_rejects_sums_of_bytes() attributes {t.dot = #lut.dot_shape<sum_bits = 8, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>}

// -----

// expected-error @+1 {{expected 16 or 32 bits and positive numbers, found sum_bits = 32, rows = 0, tokens = 1, columns = 4}}
func.func private @dot_shape_c1_rejects_no_rows() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 0, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>}

// -----

// expected-error @+1 {{expected 16 or 32 bits and positive numbers, found sum_bits = 32, rows = 16, tokens = 0, columns = 4}}
func.func private @dot_shape_c1_rejects_no_tokens() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 0, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>}

// -----

// expected-error @+1 {{expected 16 or 32 bits and positive numbers, found sum_bits = 32, rows = 16, tokens = 1, columns = -4}}
func.func private @dot_shape_c1_rejects_negative_columns() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 1, columns = -4, row_tile = 64, token_tile = 6, load_columns = 4>}

// -----

// expected-error @+1 {{expected multiples of rows, tokens and columns, found row_tile = 24, token_tile = 6, load_columns = 4}}
func.func private @dot_shape_c2_rejects_half_a_register() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 2, columns = 4, row_tile = 24, token_tile = 6, load_columns = 4>}

// -----

// expected-error @+1 {{expected multiples of rows, tokens and columns, found row_tile = 0, token_tile = 6, load_columns = 4}}
func.func private @dot_shape_c2_rejects_no_row_tile() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 2, columns = 4, row_tile = 0, token_tile = 6, load_columns = 4>}

// -----

// expected-error @+1 {{expected multiples of rows, tokens and columns, found row_tile = 64, token_tile = 5, load_columns = 4}}
func.func private @dot_shape_c2_rejects_half_a_group_of_tokens() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 2, columns = 4, row_tile = 64, token_tile = 5, load_columns = 4>}

// -----

// expected-error @+1 {{expected multiples of rows, tokens and columns, found row_tile = 64, token_tile = 0, load_columns = 4}}
func.func private @dot_shape_c2_rejects_an_empty_token_tile() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 2, columns = 4, row_tile = 64, token_tile = 0, load_columns = 4>}

// -----

// expected-error @+1 {{expected multiples of rows, tokens and columns, found row_tile = 64, token_tile = 6, load_columns = 6}}
func.func private @dot_shape_c2_rejects_half_a_load() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 2, columns = 4, row_tile = 64, token_tile = 6, load_columns = 6>}

// -----

// expected-error @+1 {{expected blocks of sums of 32 bits, of multiples of 16 rows and of side_columns, found sum_bits = 16, rows = 16, columns = 64, side_columns = 4, chunk_columns = 192}}
func.func private @dot_shape_c3_rejects_blocks_of_words() attributes {t.dot = #lut.dot_shape<sum_bits = 16, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 192>}

// -----

// expected-error @+1 {{found sum_bits = 32, rows = 8, columns = 64, side_columns = 4}}
func.func private @dot_shape_c3_rejects_blocks_of_few_rows() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 8, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 192>}

// -----

// expected-error @+1 {{found sum_bits = 32, rows = 16, columns = 64, side_columns = 3}}
func.func private @dot_shape_c3_rejects_a_rest_of_columns() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 3, chunk_columns = 192>}

// -----

// expected-error @+1 {{found sum_bits = 32, rows = 16, columns = 64, side_columns = 4, chunk_columns = 0}}
func.func private @dot_shape_c3_rejects_an_empty_chunk() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 0>}

// -----

// expected-error @+1 {{found sum_bits = 32, rows = 16, columns = 64, side_columns = -4}}
func.func private @dot_shape_c3_rejects_negative_side_columns() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = -4, chunk_columns = 192>}

// -----

// expected-error @+1 {{expected at most 4096, since tiles are unrolled, found row_tile = 32, token_tile = 1000000007}}
func.func private @dot_shape_c4_rejects_an_endless_tile() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 32, token_tile = 1000000007, load_columns = 4>}
