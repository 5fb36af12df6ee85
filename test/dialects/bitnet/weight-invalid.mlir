// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected a ternary, scaled or blocked matrix or a static float tensor, found 'tensor<24xi32>'}}
bitnet.weight @weight_c1_rejects_integers : tensor<24xi32> from ["w"]

// -----

// expected-error @+1 {{expected a ternary, scaled or blocked matrix or a static float tensor, found 'tensor<?xf32>'}}
bitnet.weight @weight_c1_rejects_unknown_size : tensor<?xf32> from ["w"]

// -----

// expected-error @+1 {{expected a count of at least 1, found 0}}
bitnet.weight @weight_c2_rejects_no_layers : tensor<24xf32> x 0 from ["w.{}"]

// -----

// expected-error @+1 {{expected either sources or an init}}
bitnet.weight @weight_c3_rejects_no_origin : tensor<24xf32>

// -----

// expected-error @+1 {{expected either sources or an init}}
bitnet.weight @weight_c3_rejects_two_origins : tensor<8x2x4xf32> from ["w"] init #bitnet.rope_table<theta = 1.0e4>

// -----

// expected-error @+1 {{expected one {} in source "w"}}
bitnet.weight @weight_c4_rejects_missing_layer_number : tensor<24xf32> x 2 from ["w"]

// -----

// expected-error @+1 {{expected no {} in source "w.{}"}}
bitnet.weight @weight_c4_rejects_layer_number : tensor<24xf32> from ["w.{}"]

// -----

// expected-error @+1 {{expected source rows for 2 sources, found none}}
bitnet.weight @weight_c5_rejects_missing_rows : !bitnet.ternary<48x24> from ["a", "b"]

// -----

// expected-error @+1 {{expected source rows for 2 sources, found 1}}
bitnet.weight @weight_c5_rejects_too_few_rows : !bitnet.ternary<48x24> from ["a", "b"] rows [48]

// -----

// expected-error @+1 {{expected positive source rows, found 0}}
bitnet.weight @weight_c5_rejects_empty_source : !bitnet.ternary<48x24> from ["a", "b"] rows [0, 48]

// -----

// expected-error @+1 {{sum of the source rows: expected 48, found 47}}
bitnet.weight @weight_c5_rejects_wrong_sum : !bitnet.ternary<48x24> from ["a", "b"] rows [16, 31]

// -----

// expected-error @+1 {{expected a list of inits as long as the count, 3, found 2}}
bitnet.weight @weight_c6_rejects_a_short_list : tensor<8x2x4xf32> x 3 init [#bitnet.rope_table<theta = 1.0e6>, #bitnet.rope_table<theta = 1.0e4>]

// -----

// expected-error @+1 {{expected a list of inits as long as the count, 0, found 1}}
bitnet.weight @weight_c6_rejects_a_list_without_count : tensor<8x2x4xf32> init [#bitnet.rope_table<theta = 1.0e6>]
