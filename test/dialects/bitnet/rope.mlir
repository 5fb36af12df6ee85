// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @turns_three_heads
// CHECK-SAME: %[[X:.*]]: tensor<?x24xf32>, %[[TABLE:.*]]: tensor<9x2x4xf32>, %[[AT:.*]]: index
func.func @turns_three_heads(%x: tensor<?x24xf32>, %table: tensor<9x2x4xf32>, %at: index) -> tensor<?x24xf32> {
  // CHECK: bitnet.rope %[[X]], %[[TABLE]] at %[[AT]] : tensor<?x24xf32>, tensor<9x2x4xf32>
  %y = bitnet.rope %x, %table at %at : tensor<?x24xf32>, tensor<9x2x4xf32>
  return %y : tensor<?x24xf32>
}
