// RUN: %tritc-opt %s --lut-plan-image --lut-select-kernels --split-input-file | FileCheck %s

// Codes are predicted to be faster, but were not.
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 20>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 1, mhz = 2000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0, measured = [<rows = 4096, columns = 3072, packing = <index_words, rows = 128>, decode = 1000, prefill = 9>, <rows = 4096, columns = 3072, packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, decode = 1100, prefill = 9>]>} {
  bitnet.weight @w : !bitnet.ternary<4096x3072> from ["w"]
  // CHECK-LABEL: func @what_took_less_time_is_chosen
  func.func @what_took_less_time_is_chosen(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x4096xf32> {
    // CHECK: lut.matvec {{.*}} packed <index_words, rows = 128>
    %w = bitnet.parameter @w : !bitnet.ternary<4096x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<4096x3072> -> tensor<1x4096xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x4096xi32>, tensor<1xf32>, !bitnet.ternary<4096x3072> -> tensor<1x4096xf32>
    return %y : tensor<1x4096xf32>
  }
}

// -----

// One percent is within what differs from run to run.
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 20>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 1, mhz = 2000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0, measured = [<rows = 4096, columns = 3072, packing = <index_words, rows = 128>, decode = 1090, prefill = 9>, <rows = 4096, columns = 3072, packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, decode = 1100, prefill = 9>]>} {
  bitnet.weight @w : !bitnet.ternary<4096x3072> from ["w"]
  // CHECK-LABEL: func @a_close_race_changes_nothing
  func.func @a_close_race_changes_nothing(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x4096xf32> {
    // CHECK: lut.matmul {{.*}} packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>
    %w = bitnet.parameter @w : !bitnet.ternary<4096x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<4096x3072> -> tensor<1x4096xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x4096xi32>, tensor<1xf32>, !bitnet.ternary<4096x3072> -> tensor<1x4096xf32>
    return %y : tensor<1x4096xf32>
  }
}

// -----

// There is nothing to compare it with.
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 20>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 1, mhz = 2000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0, measured = [<rows = 4096, columns = 3072, packing = <index_words, rows = 128>, decode = 1000, prefill = 9>]>} {
  bitnet.weight @w : !bitnet.ternary<4096x3072> from ["w"]
  // CHECK-LABEL: func @what_is_measured_alone_changes_nothing
  func.func @what_is_measured_alone_changes_nothing(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x4096xf32> {
    // CHECK: lut.matmul {{.*}} packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>
    %w = bitnet.parameter @w : !bitnet.ternary<4096x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<4096x3072> -> tensor<1x4096xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x4096xi32>, tensor<1xf32>, !bitnet.ternary<4096x3072> -> tensor<1x4096xf32>
    return %y : tensor<1x4096xf32>
  }
}

// -----

// Measured for other matrices.
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 20>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 1, mhz = 2000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0, measured = [<rows = 64, columns = 3072, packing = <index_words, rows = 128>, decode = 1000, prefill = 9>, <rows = 64, columns = 3072, packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, decode = 1100, prefill = 9>]>} {
  bitnet.weight @w : !bitnet.ternary<4096x3072> from ["w"]
  // CHECK-LABEL: func @other_matrices_change_nothing
  func.func @other_matrices_change_nothing(%q: tensor<1x3072xi8>, %steps: tensor<1xf32>) -> tensor<1x4096xf32> {
    // CHECK: lut.matmul {{.*}} packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>
    %w = bitnet.parameter @w : !bitnet.ternary<4096x3072>
    %sums = bitnet.ternary_matmul %q, %w : tensor<1x3072xi8>, !bitnet.ternary<4096x3072> -> tensor<1x4096xi32>
    %y = bitnet.dequantize %sums, %steps, %w : tensor<1x4096xi32>, tensor<1xf32>, !bitnet.ternary<4096x3072> -> tensor<1x4096xf32>
    return %y : tensor<1x4096xf32>
  }
}
