// RUN: %tritc-opt %s --lut-plan-image | FileCheck %s

module attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  // Three tiles of one block of four rows and their scales, in whole lines.
  // CHECK: @eight_bits {{.*}} {lut.layout = #lut.layout<offset = 0, stride = 960>}
  bitnet.weight @eight_bits : !bitnet.scaled<9x24xi8> from ["head"]

  // CHECK: @six_bits {{.*}} {lut.layout = #lut.layout<offset = 960, stride = 768>}
  bitnet.weight @six_bits : !bitnet.scaled<9x24xi6> from ["head"]
}
