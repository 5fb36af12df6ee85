// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected positive numbers, found rows = 64, columns = 96, decode = 0}}
func.func private @timing_c1_rejects_no_time() attributes {t.timing = #lut.timing<rows = 64, columns = 96, packing = <codes, rows = 1>, decode = 0, prefill = 30>}

// -----

// expected-error @+1 {{expected positive numbers, found rows = 0, columns = 96, decode = 1}}
func.func private @timing_c1_rejects_no_rows() attributes {t.timing = #lut.timing<rows = 0, columns = 96, packing = <codes, rows = 1>, decode = 1, prefill = 30>}
