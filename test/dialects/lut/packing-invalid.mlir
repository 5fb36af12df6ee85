// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected 1 row per tile for codes, found 2}}
func.func private @packing_c1_rejects_tall_codes() attributes {t.packing = #lut.packing<codes, rows = 2>}

// -----

// expected-error @+1 {{expected rows to be a positive multiple of 32, found 48}}
func.func private @packing_c1_rejects_half_a_vector() attributes {t.packing = #lut.packing<signed_nibble, rows = 48>}

// -----

// expected-error @+1 {{expected rows to be a positive multiple of 32, found 0}}
func.func private @packing_c1_rejects_no_rows() attributes {t.packing = #lut.packing<signed_nibble, rows = 0>}

// -----

// expected-error @+1 {{expected rows to be a positive multiple of 32, found 16}}
func.func private @packing_c1_rejects_half_a_vector_of_words() attributes {t.packing = #lut.packing<index_words, rows = 16>}

// -----

// expected-error @+1 {{expected rows to be a positive multiple of 64, found 48}}
func.func private @packing_c1_rejects_three_of_four_positions() attributes {t.packing = #lut.packing<dot_codes, rows = 48, dot_rows = 16, dot_columns = 4>}

// -----

// expected-error @+1 {{expected rows to be a positive multiple of 64, found -64}}
func.func private @packing_c1_rejects_negative_rows() attributes {t.packing = #lut.packing<dot_codes, rows = -64, dot_rows = 16, dot_columns = 4>}

// -----

// expected-error @+1 {{expected rows to be a positive multiple of 80, found 64}}
func.func private @packing_c1_rejects_four_of_five_positions() attributes {t.packing = #lut.packing<trit_bytes, rows = 64, dot_rows = 16, dot_columns = 4>}

// -----

// expected-error @+1 {{expected dot_rows and dot_columns, which divide 16, for dot products alone, found 4 and 0}}
func.func private @packing_c2_rejects_trit_bytes_without_columns() attributes {t.packing = #lut.packing<trit_bytes, rows = 40, dot_rows = 4>}

// -----

// expected-error @+1 {{expected dot_rows and dot_columns, which divide 16, for dot products alone, found 16 and 5}}
func.func private @packing_c2_rejects_columns_that_divide_no_block() attributes {t.packing = #lut.packing<dot_codes, rows = 64, dot_rows = 16, dot_columns = 5>}

// -----

// expected-error @+1 {{expected dot_rows and dot_columns, which divide 16, for dot products alone, found 16 and 0}}
func.func private @packing_c2_rejects_dot_rows_of_nibbles() attributes {t.packing = #lut.packing<signed_nibble, rows = 64, dot_rows = 16>}

// -----

// expected-error @+1 {{expected dot_rows and dot_columns, which divide 16, for dot products alone, found -9223372036854775808 and 4}}
func.func private @packing_c2_rejects_dot_rows_without_bound() attributes {t.packing = #lut.packing<trit_bytes, rows = 20, dot_rows = -9223372036854775808, dot_columns = 4>}
