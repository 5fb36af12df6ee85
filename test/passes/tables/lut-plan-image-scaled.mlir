// RUN: %tritc-opt %s --lut-plan-image | FileCheck %s

module attributes {lut.target = #lut.target<packing = <codes, rows = 1>, prefill_tokens = 8, token_tile = 1, prefetch_bytes = 0>} {
  // Three tiles of one block of four rows and their scales, in whole lines.
  // CHECK: @eight_bits {{.*}} {lut.layout = #lut.layout<offset = 0, stride = 960>}
  bitnet.weight @eight_bits : !bitnet.scaled<9x24xi8> from ["head"]

  // CHECK: @six_bits {{.*}} {lut.layout = #lut.layout<offset = 960, stride = 768>}
  bitnet.weight @six_bits : !bitnet.scaled<9x24xi6> from ["head"]
}
