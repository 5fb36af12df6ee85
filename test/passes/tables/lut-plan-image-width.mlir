// RUN: %tritc-opt %s --lut-plan-image | FileCheck %s

module attributes {lut.target = #lut.target<kernels = [<packing = <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4>, cycles = 1>, <packing = <dot_codes, rows = 16, dot_rows = 4, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16>, prefill_tokens = 16, prefetch_bytes = 0>} {
  // CHECK: @takes_the_cheapest {{.*}} packing = <trit_bytes,
  bitnet.weight @takes_the_cheapest : !bitnet.ternary<16x65535> from ["a"]

  // CHECK: @takes_one_whose_sums_fit {{.*}} packing = <dot_codes,
  bitnet.weight @takes_one_whose_sums_fit : !bitnet.ternary<16x65536> from ["b"]
}
