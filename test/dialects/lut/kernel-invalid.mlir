// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected positive cycles, found 0}}
func.func private @kernel_c1_rejects_kernels_for_nothing() attributes {t.kernel = #lut.kernel<packing = <codes, rows = 1>, cycles = 0>}

// -----

// expected-error @+1 {{expected positive cycles, found -5}}
func.func private @kernel_c1_rejects_negative_cycles() attributes {t.kernel = #lut.kernel<packing = <codes, rows = 1>, cycles = -5>}
