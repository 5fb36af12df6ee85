// RUN: %tritc-opt %s --verify-diagnostics

func.func @trace_c1_rejects_slots_of_another_width(%x: tensor<?x64xf32>, %trace: memref<3x8x32xf32>, %slot: index) {
  // expected-error @+1 {{width of a slot: expected 64, found 32}}
  bitnet.trace %x to %trace[%slot] : tensor<?x64xf32>, memref<3x8x32xf32>
  return
}
