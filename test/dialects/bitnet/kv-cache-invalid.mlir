// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected a cache [layers, KV heads, 2, context, head_dim] of f16 or i8, found tensor<1x1x2x4x16xf32>}}
func.func private @rejects_a_cache_of_f32() attributes {bitnet.kv_cache = tensor<1x1x2x4x16xf32>}

// -----

// expected-error @+1 {{expected a cache [layers, KV heads, 2, context, head_dim] of f16 or i8, found 4 : i64}}
func.func private @rejects_a_cache_that_is_a_number() attributes {bitnet.kv_cache = 4 : i64}
