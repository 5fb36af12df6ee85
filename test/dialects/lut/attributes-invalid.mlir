// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected a #lut.target of a module, found 1 : i64}}
module @rejects_a_target_that_is_a_number attributes {lut.target = 1 : i64} {}

// -----

// expected-error @+1 {{expected a number from 0 on as lut.image_bytes, found -1 : i64}}
module @rejects_a_negative_size attributes {lut.image_bytes = -1 : i64} {}

// -----

// expected-error @+1 {{expected a number from 0 on as lut.context_size, found "long"}}
module @rejects_a_size_that_is_text attributes {lut.context_size = "long"} {}

// -----

// expected-error @+1 {{expected a #lut.layout of a bitnet.weight, found #lut.layout<offset = 0, stride = 64>}}
func.func private @rejects_a_layout_of_a_function() attributes {lut.layout = #lut.layout<offset = 0, stride = 64>}

// -----

// expected-error @+1 {{expected a layout with a packing}}
bitnet.weight @rejects_ternary_weights_without_packing : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 0, stride = 384>}

// -----

// expected-error @+1 {{expected a layout without a packing, found #lut.layout<offset = 0, stride = 384, packing = <codes, rows = 1>>}}
bitnet.weight @rejects_a_packing_of_floats : tensor<16xf32> from ["w"] {lut.layout = #lut.layout<offset = 0, stride = 384, packing = <codes, rows = 1>>}
