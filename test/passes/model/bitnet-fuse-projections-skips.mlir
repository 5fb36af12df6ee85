// RUN: %tritc-opt %s --split-input-file --bitnet-fuse-projections | FileCheck %s

// CHECK-LABEL: func @skips_rows_that_are_no_multiple_of_16
// CHECK-NOT: bitnet.split
bitnet.weight @a : !bitnet.ternary<16x24> x 2 from ["a.{}"]
bitnet.weight @b : !bitnet.ternary<24x24> x 2 from ["b.{}"]
func.func @skips_rows_that_are_no_multiple_of_16(%q: tensor<?x24xi8>, %other: tensor<?x24xi8>, %s: tensor<?xf32>, %layer: index, %next: index) -> (tensor<?x16xf32>, tensor<?x24xf32>) {
  %wa = bitnet.parameter @a[%layer] : !bitnet.ternary<16x24>
  %a = bitnet.ternary_matmul %q, %wa : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %y = bitnet.dequantize %a, %s, %wa : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  %wb = bitnet.parameter @b[%layer] : !bitnet.ternary<24x24>
  %b = bitnet.ternary_matmul %q, %wb : tensor<?x24xi8>, !bitnet.ternary<24x24> -> tensor<?x24xi32>
  %z = bitnet.dequantize %b, %s, %wb : tensor<?x24xi32>, tensor<?xf32>, !bitnet.ternary<24x24> -> tensor<?x24xf32>
  return %y, %z : tensor<?x16xf32>, tensor<?x24xf32>
}

// -----

// CHECK-LABEL: func @skips_another_input
// CHECK-NOT: bitnet.split
bitnet.weight @a : !bitnet.ternary<16x24> x 2 from ["a.{}"]
bitnet.weight @b : !bitnet.ternary<32x24> x 2 from ["b.{}"]
func.func @skips_another_input(%q: tensor<?x24xi8>, %other: tensor<?x24xi8>, %s: tensor<?xf32>, %layer: index, %next: index) -> (tensor<?x16xf32>, tensor<?x32xf32>) {
  %wa = bitnet.parameter @a[%layer] : !bitnet.ternary<16x24>
  %a = bitnet.ternary_matmul %q, %wa : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %y = bitnet.dequantize %a, %s, %wa : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  %wb = bitnet.parameter @b[%layer] : !bitnet.ternary<32x24>
  %b = bitnet.ternary_matmul %other, %wb : tensor<?x24xi8>, !bitnet.ternary<32x24> -> tensor<?x32xi32>
  %z = bitnet.dequantize %b, %s, %wb : tensor<?x32xi32>, tensor<?xf32>, !bitnet.ternary<32x24> -> tensor<?x32xf32>
  return %y, %z : tensor<?x16xf32>, tensor<?x32xf32>
}

// -----

// CHECK-LABEL: func @skips_another_layer
// CHECK-NOT: bitnet.split
bitnet.weight @a : !bitnet.ternary<16x24> x 2 from ["a.{}"]
bitnet.weight @b : !bitnet.ternary<32x24> x 2 from ["b.{}"]
func.func @skips_another_layer(%q: tensor<?x24xi8>, %other: tensor<?x24xi8>, %s: tensor<?xf32>, %layer: index, %next: index) -> (tensor<?x16xf32>, tensor<?x32xf32>) {
  %wa = bitnet.parameter @a[%layer] : !bitnet.ternary<16x24>
  %a = bitnet.ternary_matmul %q, %wa : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %y = bitnet.dequantize %a, %s, %wa : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  %wb = bitnet.parameter @b[%next] : !bitnet.ternary<32x24>
  %b = bitnet.ternary_matmul %q, %wb : tensor<?x24xi8>, !bitnet.ternary<32x24> -> tensor<?x32xi32>
  %z = bitnet.dequantize %b, %s, %wb : tensor<?x32xi32>, tensor<?xf32>, !bitnet.ternary<32x24> -> tensor<?x32xf32>
  return %y, %z : tensor<?x16xf32>, tensor<?x32xf32>
}
