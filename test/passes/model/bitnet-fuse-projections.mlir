// RUN: %tritc-opt %s --bitnet-fuse-projections | FileCheck %s

// CHECK-NOT: @layers.gate_proj :
// CHECK: bitnet.weight @layers.gate_proj.up_proj : !bitnet.ternary<48x24> x 2 from ["layers.{}.gate", "layers.{}.up"] rows [16, 32]
// CHECK-NOT: @layers.up_proj
bitnet.weight @layers.gate_proj : !bitnet.ternary<16x24> x 2 from ["layers.{}.gate"]
bitnet.weight @layers.up_proj : !bitnet.ternary<32x24> x 2 from ["layers.{}.up"]

// CHECK-LABEL: func @stacks_what_reads_one_input
// CHECK-SAME: %[[Q:.*]]: tensor<?x24xi8>, %[[STEPS:.*]]: tensor<?xf32>, %[[LAYER:.*]]: index
func.func @stacks_what_reads_one_input(%q: tensor<?x24xi8>, %steps: tensor<?xf32>, %layer: index) -> (tensor<?x16xf32>, tensor<?x32xf32>) {
  // CHECK-NEXT: %[[W:.*]] = bitnet.parameter @layers.gate_proj.up_proj[%[[LAYER]]]
  // CHECK-NEXT: %[[SUMS:.*]] = bitnet.ternary_matmul %[[Q]], %[[W]]
  // CHECK-NEXT: %[[ROWS:.*]] = bitnet.dequantize %[[SUMS]], %[[STEPS]], %[[W]]
  // CHECK-NEXT: %[[PIECES:.*]]:2 = bitnet.split %[[ROWS]]
  // CHECK-NEXT: return %[[PIECES]]#0, %[[PIECES]]#1
  %wa = bitnet.parameter @layers.gate_proj[%layer] : !bitnet.ternary<16x24>
  %a = bitnet.ternary_matmul %q, %wa : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %y = bitnet.dequantize %a, %steps, %wa : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  %wb = bitnet.parameter @layers.up_proj[%layer] : !bitnet.ternary<32x24>
  %b = bitnet.ternary_matmul %q, %wb : tensor<?x24xi8>, !bitnet.ternary<32x24> -> tensor<?x32xi32>
  %z = bitnet.dequantize %b, %steps, %wb : tensor<?x32xi32>, tensor<?xf32>, !bitnet.ternary<32x24> -> tensor<?x32xf32>
  return %y, %z : tensor<?x16xf32>, tensor<?x32xf32>
}
