// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: @costs_cycles() attributes {t.kernel = #lut.kernel<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 15>}
func.func private @costs_cycles() attributes {t.kernel = #lut.kernel<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 15>}

// CHECK: @complements() attributes {t.kernel = #lut.kernel<packing = <signed_nibble, rows = 32>, cycles = 150, sign = complement>}
func.func private @complements() attributes {t.kernel = #lut.kernel<packing = <signed_nibble, rows = 32>, cycles = 150, sign = complement>}

// CHECK: @multiplies_its_own_way() attributes {t.kernel = #lut.kernel<packing = <dot_codes, rows = 64, dot_rows = 8, dot_columns = 4>, cycles = 15 by <sum_bits = 32, rows = 8, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 4 of small codes>>}
func.func private @multiplies_its_own_way() attributes {t.kernel = #lut.kernel<packing = <dot_codes, rows = 64, dot_rows = 8, dot_columns = 4>, cycles = 15 by <sum_bits = 32, rows = 8, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 4 of small codes>>}
