// RUN: %tritc-opt %s --lut-plan-image --lut-select-kernels --split-input-file | FileCheck %s

// Microseconds for a million weights, of which words take 208 kB and codes 250:
// computing takes 10 with words and 5 with codes, reading 5.2 and 6.3.
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 20>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 1, mhz = 2000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0>} {
  bitnet.weight @w : !bitnet.ternary<4096x3072> from ["w"]
  // CHECK-LABEL: func @one_core_takes_what_computes_fastest
  func.func @one_core_takes_what_computes_fastest(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x4096xf32> {
    // CHECK: lut.matmul {{.*}} packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>
    %w = bitnet.parameter @w : !bitnet.ternary<4096x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<4096x3072> -> tensor<1x4096xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x4096xi32>, tensor<1xf32>, !bitnet.ternary<4096x3072> -> tensor<1x4096xf32>
    return %y : tensor<1x4096xf32>
  }
}

// -----

// With eight cores computing takes 1.3 and 0.6, reading what it did.
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 20>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 8, mhz = 2000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0>} {
  bitnet.weight @w : !bitnet.ternary<4096x3072> from ["w"]
  // CHECK-LABEL: func @all_cores_take_what_is_smallest
  func.func @all_cores_take_what_is_smallest(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x4096xf32> {
    // CHECK: lut.matvec {{.*}} packed <index_words, rows = 128>
    %w = bitnet.parameter @w : !bitnet.ternary<4096x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<4096x3072> -> tensor<1x4096xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x4096xi32>, tensor<1xf32>, !bitnet.ternary<4096x3072> -> tensor<1x4096xf32>
    return %y : tensor<1x4096xf32>
  }
}

// -----

// Both take the same time.
module attributes {lut.target = #lut.target<kernels = [<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>, <packing = <dot_codes, rows = 128, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 1, mhz = 2000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0>} {
  bitnet.weight @w : !bitnet.ternary<4096x3072> from ["w"]
  // CHECK-LABEL: func @of_equals_the_first
  func.func @of_equals_the_first(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x4096xf32> {
    // CHECK: lut.matmul {{.*}} packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>
    %w = bitnet.parameter @w : !bitnet.ternary<4096x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<4096x3072> -> tensor<1x4096xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x4096xi32>, tensor<1xf32>, !bitnet.ternary<4096x3072> -> tensor<1x4096xf32>
    return %y : tensor<1x4096xf32>
  }
}

// -----

// And so they do the other way round.
module attributes {lut.target = #lut.target<kernels = [<packing = <dot_codes, rows = 128, dot_rows = 16, dot_columns = 4>, cycles = 10>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 1, mhz = 2000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0>} {
  bitnet.weight @w : !bitnet.ternary<4096x3072> from ["w"]
  // CHECK-LABEL: func @of_equals_the_first_in_either_order
  func.func @of_equals_the_first_in_either_order(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x4096xf32> {
    // CHECK: lut.matmul {{.*}} packed <dot_codes, rows = 128, dot_rows = 16, dot_columns = 4>
    %w = bitnet.parameter @w : !bitnet.ternary<4096x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<4096x3072> -> tensor<1x4096xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x4096xi32>, tensor<1xf32>, !bitnet.ternary<4096x3072> -> tensor<1x4096xf32>
    return %y : tensor<1x4096xf32>
  }
}

// -----

// Three quarters of the tile of 128 rows that words would take are padding.
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 10>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 1, mhz = 2000, bandwidth = 400000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0>} {
  bitnet.weight @w : !bitnet.ternary<32x3072> from ["w"]
  // CHECK-LABEL: func @padding_counts
  func.func @padding_counts(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x32xf32> {
    // CHECK: lut.matmul {{.*}} packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>
    %w = bitnet.parameter @w : !bitnet.ternary<32x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<32x3072> -> tensor<1x32xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x32xi32>, tensor<1xf32>, !bitnet.ternary<32x3072> -> tensor<1x32xf32>
    return %y : tensor<1x32xf32>
  }
}

// -----

// One tile of 128 rows keeps one of two cores at work; two of 64 rows both.
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 8>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 2, mhz = 2000, bandwidth = 400000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0>} {
  bitnet.weight @w : !bitnet.ternary<128x3072> from ["w"]
  // CHECK-LABEL: func @tiles_are_shared_whole
  func.func @tiles_are_shared_whole(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x128xf32> {
    // CHECK: lut.matmul {{.*}} packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>
    %w = bitnet.parameter @w : !bitnet.ternary<128x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<128x3072> -> tensor<1x128xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x128xi32>, tensor<1xf32>, !bitnet.ternary<128x3072> -> tensor<1x128xf32>
    return %y : tensor<1x128xf32>
  }
}
