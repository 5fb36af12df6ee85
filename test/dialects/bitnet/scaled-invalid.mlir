// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected dimensions of at least 1, found 0x24}}
func.func private @scaled_c1_rejects_no_rows(!bitnet.scaled<0x24xi8>)

// -----

// expected-error @+1 {{expected integers of 6 or 8 bits, found 7}}
func.func private @scaled_c2_rejects_seven_bits(!bitnet.scaled<9x24xi7>)

// -----

// expected-error @+1 {{expected at most 133144 columns, found 133145}}
func.func private @scaled_c3_rejects_sums_that_overflow(!bitnet.scaled<9x133145xi8>)

// -----

// expected-error @+1 {{a scaled matrix has two dimensions, found 3}}
func.func private @rejects_three_dimensions(!bitnet.scaled<2x48x24xi8>)
