// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @sums_name_their_place
func.func @sums_name_their_place(%x: tensor<?x64xf32>, %y: tensor<?x64xf32>) -> tensor<?x64xf32> {
  // CHECK: bitnet.add %{{.*}}, %{{.*}} into %{{.*}} : tensor<?x64xf32>, tensor<?x64xf32>
  %a = bitnet.add %x, %y into %x : tensor<?x64xf32>, tensor<?x64xf32>
  // CHECK: bitnet.add %{{.*}}, %{{.*}} : tensor<?x64xf32>
  %b = bitnet.add %a, %y : tensor<?x64xf32>
  return %b : tensor<?x64xf32>
}

// CHECK-LABEL: func @sums_of_buffers
func.func @sums_of_buffers(%x: memref<?x64xf32>, %y: memref<?x64xf32>) {
  // CHECK: bitnet.add %{{.*}}, %{{.*}} into %{{.*}} : memref<?x64xf32>, memref<?x64xf32>
  %a = bitnet.add %x, %y into %y : memref<?x64xf32>, memref<?x64xf32>
  return
}
