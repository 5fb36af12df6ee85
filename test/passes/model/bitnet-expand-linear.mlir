// RUN: %tritc-opt %s --bitnet-expand-linear | FileCheck %s

// CHECK-LABEL: func @becomes_quantize_multiply_dequantize
// CHECK-SAME: %[[X:.*]]: tensor<?x24xf32>, %[[W:.*]]: !bitnet.ternary<48x24>
func.func @becomes_quantize_multiply_dequantize(%x: tensor<?x24xf32>, %w: !bitnet.ternary<48x24>) -> tensor<?x48xf32> {
  // CHECK-NEXT: %[[Q:.*]], %[[STEPS:.*]] = bitnet.quantize %[[X]] : tensor<?x24xf32> -> tensor<?x24xi8>, tensor<?xf32>
  // CHECK-NEXT: %[[SUMS:.*]] = bitnet.ternary_matmul %[[Q]], %[[W]] : {{.*}} -> tensor<?x48xi32>
  // CHECK-NEXT: %[[Y:.*]] = bitnet.dequantize %[[SUMS]], %[[STEPS]], %[[W]] : {{.*}} -> tensor<?x48xf32>
  // CHECK-NEXT: return %[[Y]]
  %y = bitnet.linear %x, %w : tensor<?x24xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return %y : tensor<?x48xf32>
}
