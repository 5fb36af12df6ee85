// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected 1 row per tile for codes, found 2}}
func.func private @packing_c1_rejects_tall_codes() attributes {t.packing = #lut.packing<codes, rows = 2>}

// -----

// expected-error @+1 {{expected rows to be a positive multiple of 32, found 48}}
func.func private @packing_c1_rejects_half_a_vector() attributes {t.packing = #lut.packing<signed_nibble, rows = 48>}

// -----

// expected-error @+1 {{expected rows to be a positive multiple of 32, found 0}}
func.func private @packing_c1_rejects_no_rows() attributes {t.packing = #lut.packing<signed_nibble, rows = 0>}
