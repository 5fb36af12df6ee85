// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @states_are_traced
func.func @states_are_traced(%x: tensor<?x64xf32>, %b: memref<?x64xf32>, %trace: memref<3x8x64xf32>, %slot: index) {
  // CHECK: bitnet.trace %{{.*}} to %{{.*}}[%{{.*}}] : tensor<?x64xf32>, memref<3x8x64xf32>
  bitnet.trace %x to %trace[%slot] : tensor<?x64xf32>, memref<3x8x64xf32>
  // CHECK: bitnet.trace %{{.*}} to %{{.*}}[%{{.*}}] : memref<?x64xf32>, memref<3x8x64xf32>
  bitnet.trace %b to %trace[%slot] : memref<?x64xf32>, memref<3x8x64xf32>
  return
}
