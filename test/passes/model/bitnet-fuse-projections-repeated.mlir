// RUN: %tritc-opt %s --bitnet-fuse-projections | FileCheck %s

bitnet.weight @a : !bitnet.ternary<16x24> from ["a"]

// CHECK-LABEL: func @skips_a_weight_that_is_used_twice
// CHECK-NOT: bitnet.split
func.func @skips_a_weight_that_is_used_twice(%q: tensor<?x24xi8>, %s: tensor<?xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
  %w = bitnet.parameter @a : !bitnet.ternary<16x24>
  %a = bitnet.ternary_matmul %q, %w : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %y = bitnet.dequantize %a, %s, %w : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  %b = bitnet.ternary_matmul %q, %w : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %z = bitnet.dequantize %b, %s, %w : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  return %y, %z : tensor<?x16xf32>, tensor<?x16xf32>
}
