// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: @four_columns_of_sixteen_rows() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>}
func.func private @four_columns_of_sixteen_rows() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>}

// CHECK: @of_unsigned_codes() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4 of unsigned codes>}
func.func private @of_unsigned_codes() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4 of unsigned codes>}

// CHECK: @blocks_of_codes() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 768>}
func.func private @blocks_of_codes() attributes {t.dot = #lut.dot_shape<sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 768>}
