// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected a positive finite theta, found 0}}
bitnet.weight @rope_table_c1_rejects_zero : tensor<8x2x4xf32> init #bitnet.rope_table<theta = 0.0>

// -----

// expected-error @+1 {{expected a positive finite theta, found -1}}
bitnet.weight @rope_table_c1_rejects_negative : tensor<8x2x4xf32> init #bitnet.rope_table<theta = -1.0>
