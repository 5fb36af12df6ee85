// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected dimensions of at least 1, found 0x24}}
func.func private @ternary_c1_rejects_no_rows(!bitnet.ternary<0x24>)

// -----

// expected-error @+1 {{expected dimensions of at least 1, found 48x0}}
func.func private @ternary_c1_rejects_no_columns(!bitnet.ternary<48x0>)

// -----

// expected-error @+1 {{a ternary matrix has two dimensions, found 3}}
func.func private @rejects_three_dimensions(!bitnet.ternary<2x48x24>)
