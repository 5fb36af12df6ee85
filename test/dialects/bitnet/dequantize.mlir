// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @scales_by_row_and_token
// CHECK-SAME: %[[SUMS:.*]]: tensor<?x48xi32>, %[[STEPS:.*]]: tensor<?xf32>, %[[W:.*]]: !bitnet.ternary<48x24>
func.func @scales_by_row_and_token(%sums: tensor<?x48xi32>, %steps: tensor<?xf32>, %w: !bitnet.ternary<48x24>) -> tensor<?x48xf32> {
  // CHECK: bitnet.dequantize %[[SUMS]], %[[STEPS]], %[[W]] : tensor<?x48xi32>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  %y = bitnet.dequantize %sums, %steps, %w : tensor<?x48xi32>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return %y : tensor<?x48xf32>
}
