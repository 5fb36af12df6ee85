// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: @two_cores() attributes {t.machine = #lut.machine<cores = 2, mhz = 3000, bandwidth = 40000>}
func.func private @two_cores() attributes {t.machine = #lut.machine<cores = 2, mhz = 3000, bandwidth = 40000>}
