// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: @plain() attributes {t.layout = #lut.layout<offset = 0, stride = 64>}
func.func private @plain() attributes {t.layout = #lut.layout<offset = 0, stride = 64>}

// CHECK: @packed() attributes {t.layout = #lut.layout<offset = 128, stride = 384, packing = <signed_nibble, rows = 64>>}
func.func private @packed() attributes {t.layout = #lut.layout<offset = 128, stride = 384, packing = <signed_nibble, rows = 64>>}
