// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @attention_c1_rejects_uneven_sharing(%q: tensor<?x24xf32>, %k: tensor<?x16xf32>, %places: tensor<?x5xi32>, %i: index) {
  // expected-error @+1 {{expected a head count that is a multiple of the KV head count, found 3 over 2}}
  %y = bitnet.attention %q, %k, %k at %places layer %i heads 3 over 2 : tensor<?x24xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x24xf32>
  return
}

// -----

func.func @attention_c1_rejects_no_heads(%q: tensor<?x24xf32>, %places: tensor<?x5xi32>, %i: index) {
  // expected-error @+1 {{expected a head count that is a multiple of the KV head count, found 0 over 0}}
  %y = bitnet.attention %q, %q, %q at %places layer %i heads 0 over 0 : tensor<?x24xf32>, tensor<?x24xf32>, tensor<?x24xf32>, tensor<?x5xi32> -> tensor<?x24xf32>
  return
}

// -----

func.func @attention_c2_rejects_half_a_head(%q: tensor<?x30xf32>, %k: tensor<?x16xf32>, %places: tensor<?x5xi32>, %i: index) {
  // expected-error @+1 {{expected queries of 4 heads, found a width of 30}}
  %y = bitnet.attention %q, %k, %k at %places layer %i heads 4 over 2 : tensor<?x30xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x30xf32>
  return
}

// -----

func.func @attention_c2_rejects_narrow_keys(%q: tensor<?x32xf32>, %k: tensor<?x8xf32>, %v: tensor<?x16xf32>, %places: tensor<?x5xi32>, %i: index) {
  // expected-error @+1 {{width of the keys: expected 16, found 8}}
  %y = bitnet.attention %q, %k, %v at %places layer %i heads 4 over 2 : tensor<?x32xf32>, tensor<?x8xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x32xf32>
  return
}

// -----

func.func @attention_c2_rejects_wide_values(%q: tensor<?x32xf32>, %k: tensor<?x16xf32>, %v: tensor<?x32xf32>, %places: tensor<?x5xi32>, %i: index) {
  // expected-error @+1 {{width of the values: expected 16, found 32}}
  %y = bitnet.attention %q, %k, %v at %places layer %i heads 4 over 2 : tensor<?x32xf32>, tensor<?x16xf32>, tensor<?x32xf32>, tensor<?x5xi32> -> tensor<?x32xf32>
  return
}

// -----

func.func @attention_c3_rejects_lost_tokens(%q: tensor<?x32xf32>, %k: tensor<1x16xf32>, %v: tensor<?x16xf32>, %places: tensor<?x5xi32>, %i: index) {
  // expected-error @+1 {{number of tokens: expected ?, found 1}}
  %y = bitnet.attention %q, %k, %v at %places layer %i heads 4 over 2 : tensor<?x32xf32>, tensor<1x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x32xf32>
  return
}

// -----

func.func @attention_c4_rejects_a_negative_scale(%q: tensor<?x24xf32>, %places: tensor<?x5xi32>, %i: index) {
  // expected-error @+1 {{expected a positive finite scale, found -1}}
  %y = bitnet.attention %q, %q, %q at %places layer %i heads 3 over 3 scaled by -1.0 : tensor<?x24xf32>, tensor<?x24xf32>, tensor<?x24xf32>, tensor<?x5xi32> -> tensor<?x24xf32>
  return
}

// -----

func.func @attention_c5_rejects_a_cache_of_other_heads(%q: tensor<?x64xf32>, %k: tensor<?x32xf32>, %places: tensor<?x5xi32>, %i: index, %cache: memref<2x1x1x2x64x16xf16>) {
  // expected-error @+1 {{expected a cache of 2 heads of 16, found 'memref<2x1x1x2x64x16xf16>'}}
  %y = bitnet.attention %q, %k, %k at %places layer %i in %cache heads 4 over 2 : tensor<?x64xf32>, tensor<?x32xf32>, tensor<?x32xf32>, tensor<?x5xi32>, memref<2x1x1x2x64x16xf16> -> tensor<?x64xf32>
  return
}

// -----

func.func @attention_c6_rejects_places_without_pages(%q: tensor<?x24xf32>, %places: tensor<?x1xi32>, %i: index) {
  // expected-error @+1 {{expected places of a position and at least 1 pages, found 'tensor<?x1xi32>'}}
  %y = bitnet.attention %q, %q, %q at %places layer %i heads 3 over 3 : tensor<?x24xf32>, tensor<?x24xf32>, tensor<?x24xf32>, tensor<?x1xi32> -> tensor<?x24xf32>
  return
}

// -----

func.func @attention_c6_rejects_lost_places(%q: tensor<?x24xf32>, %places: tensor<1x5xi32>, %i: index) {
  // expected-error @+1 {{number of tokens: expected ?, found 1}}
  %y = bitnet.attention %q, %q, %q at %places layer %i heads 3 over 3 : tensor<?x24xf32>, tensor<?x24xf32>, tensor<?x24xf32>, tensor<1x5xi32> -> tensor<?x24xf32>
  return
}
