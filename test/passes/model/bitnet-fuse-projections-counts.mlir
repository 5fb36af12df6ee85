// RUN: %tritc-opt %s --bitnet-fuse-projections | FileCheck %s

bitnet.weight @a : !bitnet.ternary<16x24> x 2 from ["a.{}"]
bitnet.weight @b : !bitnet.ternary<16x24> x 3 from ["b.{}"]

// CHECK-LABEL: func @skips_another_number_of_layers
// CHECK-NOT: bitnet.split
func.func @skips_another_number_of_layers(%q: tensor<?x24xi8>, %s: tensor<?xf32>, %layer: index) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
  %wa = bitnet.parameter @a[%layer] : !bitnet.ternary<16x24>
  %a = bitnet.ternary_matmul %q, %wa : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %y = bitnet.dequantize %a, %s, %wa : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  %wb = bitnet.parameter @b[%layer] : !bitnet.ternary<16x24>
  %b = bitnet.ternary_matmul %q, %wb : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %z = bitnet.dequantize %b, %s, %wb : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  return %y, %z : tensor<?x16xf32>, tensor<?x16xf32>
}
