// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected non-negative multiples of 64, found 32}}
func.func private @layout_c1_rejects_odd_offset() attributes {lut.layout = #lut.layout<offset = 32, stride = 64>}

// -----

// expected-error @+1 {{expected non-negative multiples of 64, found 65}}
func.func private @layout_c1_rejects_odd_stride() attributes {lut.layout = #lut.layout<offset = 0, stride = 65>}

// -----

// expected-error @+1 {{expected non-negative multiples of 64, found -64}}
func.func private @layout_c1_rejects_negative_offset() attributes {lut.layout = #lut.layout<offset = -64, stride = 64>}
