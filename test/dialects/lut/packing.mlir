// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: @codes() attributes {t.packing = #lut.packing<codes, rows = 1>}
func.func private @codes() attributes {t.packing = #lut.packing<codes, rows = 1>}

// CHECK: @nibbles() attributes {t.packing = #lut.packing<signed_nibble, rows = 96>}
func.func private @nibbles() attributes {t.packing = #lut.packing<signed_nibble, rows = 96>}
