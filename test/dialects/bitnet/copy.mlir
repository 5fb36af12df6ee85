// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @copies_of_tensors_and_buffers
func.func @copies_of_tensors_and_buffers(%x: tensor<?x64xf32>, %b: memref<?x64xf32>, %c: memref<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: bitnet.copy %{{.*}} : tensor<?x64xf32>
  %y = bitnet.copy %x : tensor<?x64xf32>
  // CHECK: bitnet.copy %{{.*}} into %{{.*}} : memref<?x64xf32>, memref<?x64xf32>
  %z = bitnet.copy %b into %c : memref<?x64xf32>, memref<?x64xf32>
  return %y : tensor<?x64xf32>
}
