// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @states_of_tensors_and_buffers
func.func @states_of_tensors_and_buffers(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>, %b: memref<?x64xf32>, %c: memref<?x64xf32>, %first: index) -> tensor<?x64xf32> {
  // CHECK: bitnet.states %{{.*}} from %{{.*}} into %{{.*}} : tensor<?x64xf32>
  %s = bitnet.states %x from %first into %y : tensor<?x64xf32>
  // CHECK: bitnet.states %{{.*}} from %{{.*}} into %{{.*}} : memref<?x64xf32>
  %t = bitnet.states %b from %first into %c : memref<?x64xf32>
  return %s : tensor<?x64xf32>
}
