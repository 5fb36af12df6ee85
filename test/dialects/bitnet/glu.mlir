// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @squares_the_gate
// CHECK-SAME: %[[GATE:.*]]: tensor<?x24xf32>, %[[UP:.*]]: tensor<?x24xf32>
func.func @squares_the_gate(%gate: tensor<?x24xf32>, %up: tensor<?x24xf32>) -> tensor<?x24xf32> {
  // CHECK: bitnet.glu <relu2> %[[GATE]], %[[UP]] : tensor<?x24xf32>
  %y = bitnet.glu <relu2> %gate, %up : tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// CHECK-LABEL: func @weighs_the_gate_by_its_logistic
func.func @weighs_the_gate_by_its_logistic(%gate: tensor<?x24xf32>, %up: tensor<?x24xf32>) -> tensor<?x24xf32> {
  // CHECK: bitnet.glu <silu>
  %y = bitnet.glu <silu> %gate, %up : tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// CHECK-LABEL: func @bends_the_gate_by_a_normal_distribution
func.func @bends_the_gate_by_a_normal_distribution(%gate: tensor<?x24xf32>, %up: tensor<?x24xf32>) -> tensor<?x24xf32> {
  // CHECK: bitnet.glu <gelu_tanh>
  %y = bitnet.glu <gelu_tanh> %gate, %up : tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}
