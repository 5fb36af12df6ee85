// RUN: %tritc-opt %s --bitnet-fuse-projections | FileCheck %s

// CHECK: bitnet.weight @a : !bitnet.ternary<16x24> from ["a"]
bitnet.weight @a : !bitnet.ternary<16x24> from ["a"]

// CHECK-LABEL: func @leaves_a_single_product_alone
func.func @leaves_a_single_product_alone(%q: tensor<?x24xi8>, %s: tensor<?xf32>) -> tensor<?x16xf32> {
  // CHECK-NEXT: bitnet.parameter @a
  // CHECK-NEXT: bitnet.ternary_matmul
  // CHECK-NEXT: bitnet.dequantize
  // CHECK-NEXT: return
  %w = bitnet.parameter @a : !bitnet.ternary<16x24>
  %a = bitnet.ternary_matmul %q, %w : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %y = bitnet.dequantize %a, %s, %w : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}
