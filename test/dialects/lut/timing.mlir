// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: @took_a_while() attributes {t.timing = #lut.timing<rows = 64, columns = 96, packing = <codes, rows = 1>, decode = 1200, prefill = 30>}
func.func private @took_a_while() attributes {t.timing = #lut.timing<rows = 64, columns = 96, packing = <codes, rows = 1>, decode = 1200, prefill = 30>}
