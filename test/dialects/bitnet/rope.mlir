// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @turns_three_heads
// CHECK-SAME: %[[X:.*]]: tensor<?x24xf32>, %[[TABLE:.*]]: tensor<9x2x4xf32>, %[[PLACES:.*]]: tensor<?x2xi32>
func.func @turns_three_heads(%x: tensor<?x24xf32>, %table: tensor<9x2x4xf32>, %places: tensor<?x2xi32>) -> tensor<?x24xf32> {
  // CHECK: bitnet.rope %[[X]], %[[TABLE]] at %[[PLACES]] : tensor<?x24xf32>, tensor<9x2x4xf32>, tensor<?x2xi32>
  %y = bitnet.rope %x, %table at %places : tensor<?x24xf32>, tensor<9x2x4xf32>, tensor<?x2xi32>
  return %y : tensor<?x24xf32>
}
