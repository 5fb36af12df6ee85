// RUN: %tritc-opt %s --lut-plan-image | FileCheck %s

// Each matrix has the packing that is cheapest for it: two tiles of 64 rows keep
// both cores at work, one of 128 only one; with 4096 rows both do.
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 8>, <packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 10>], machine = <cores = 2, mhz = 2000, bandwidth = 400000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 96, prefetch_bytes = 0>} {
  // Columns are padded to 16: 128 rows of 12 bytes, and one scale.
  // CHECK: @small {{.*}} {lut.layout = #lut.layout<offset = 0, stride = 1600, packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>>}
  bitnet.weight @small : !bitnet.ternary<128x45> from ["a"]

  // 32 tiles of 64 blocks of 4 times 320 bytes, and one scale.
  // CHECK: @large {{.*}} {lut.layout = #lut.layout<offset = 1600, stride = 2621504, packing = <index_words, rows = 128>>}
  bitnet.weight @large : !bitnet.ternary<4096x3072> from ["b"]
}
