// RUN: %tritc-opt %s --lut-plan-image | FileCheck %s

module attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  // Five tiles of two blocks of two rows and their steps, in whole lines.
  // CHECK: @six_bits {{.*}} {lut.layout = #lut.layout<offset = 0, stride = 4480>}
  bitnet.weight @six_bits : !bitnet.blocked<9x512xi6> from ["table"]

  // CHECK: @eight_bits {{.*}} {lut.layout = #lut.layout<offset = 4480, stride = 960>}
  bitnet.weight @eight_bits : !bitnet.blocked<9x64xi8> from ["table"]
}
