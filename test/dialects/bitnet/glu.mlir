// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @squares_the_gate
// CHECK-SAME: %[[GATE:.*]]: tensor<?x24xf32>, %[[UP:.*]]: tensor<?x24xf32>
func.func @squares_the_gate(%gate: tensor<?x24xf32>, %up: tensor<?x24xf32>) -> tensor<?x24xf32> {
  // CHECK: bitnet.glu <relu2> %[[GATE]], %[[UP]] : tensor<?x24xf32>
  %y = bitnet.glu <relu2> %gate, %up : tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}
