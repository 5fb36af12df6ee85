// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: @costs_cycles() attributes {t.kernel = #lut.kernel<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 15>}
func.func private @costs_cycles() attributes {t.kernel = #lut.kernel<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 15>}

// CHECK: @complements() attributes {t.kernel = #lut.kernel<packing = <signed_nibble, rows = 32>, cycles = 150, sign = complement>}
func.func private @complements() attributes {t.kernel = #lut.kernel<packing = <signed_nibble, rows = 32>, cycles = 150, sign = complement>}
