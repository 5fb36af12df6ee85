// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @normalizes_rows
// CHECK-SAME: %[[X:.*]]: tensor<?x24xf32>, %[[W:.*]]: tensor<24xf32>
func.func @normalizes_rows(%x: tensor<?x24xf32>, %w: tensor<24xf32>) -> tensor<?x24xf32> {
  // CHECK: bitnet.rms_norm %[[X]], %[[W]] epsilon 9.99999974E-6 : tensor<?x24xf32>, tensor<24xf32>
  %y = bitnet.rms_norm %x, %w epsilon 1.0e-5 : tensor<?x24xf32>, tensor<24xf32>
  return %y : tensor<?x24xf32>
}

// CHECK-LABEL: func @normalizes_each_head
func.func @normalizes_each_head(%x: tensor<?x24xf32>, %w: tensor<8xf32>) -> tensor<?x24xf32> {
  // CHECK: bitnet.rms_norm {{.*}} : tensor<?x24xf32>, tensor<8xf32>
  %y = bitnet.rms_norm %x, %w epsilon 1.0e-5 : tensor<?x24xf32>, tensor<8xf32>
  return %y : tensor<?x24xf32>
}
