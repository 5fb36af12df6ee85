// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

bitnet.weight @norm : tensor<24xf32> from ["norm"]
bitnet.weight @layers.up : !bitnet.ternary<48x24> x 2 from ["layers.{}.up"]

// CHECK-LABEL: func @yields_a_tensor
func.func @yields_a_tensor() -> tensor<24xf32> {
  // CHECK: bitnet.parameter @norm : tensor<24xf32>
  %w = bitnet.parameter @norm : tensor<24xf32>
  return %w : tensor<24xf32>
}

// CHECK-LABEL: func @yields_a_layer
// CHECK-SAME: %[[LAYER:.*]]: index
func.func @yields_a_layer(%layer: index) -> !bitnet.ternary<48x24> {
  // CHECK: bitnet.parameter @layers.up[%[[LAYER]]] : !bitnet.ternary<48x24>
  %w = bitnet.parameter @layers.up[%layer] : !bitnet.ternary<48x24>
  return %w : !bitnet.ternary<48x24>
}
