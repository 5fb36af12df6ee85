// RUN: %tritc-opt %s --lut-plan-image | FileCheck %s

// CHECK: lut.image_bytes = 4096 : i64
module attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = 0>} {
  // Three rows of ceil(25 / 4) bytes and one scale.
  // CHECK: @rows_end_on_a_byte {{.*}} {lut.layout = #lut.layout<offset = 0, stride = 64, packing = <codes, rows = 1>>}
  bitnet.weight @rows_end_on_a_byte : !bitnet.ternary<3x25> from ["w"]
}
