// RUN: %tritc-opt %s --bitnet-fuse-projections | FileCheck %s

bitnet.weight @a : !bitnet.ternary<16x24> from ["a"]
bitnet.weight @b : !bitnet.ternary<16x24> from ["b"]

// CHECK-LABEL: func @skips_steps_of_another_quantization
// CHECK-NOT: bitnet.split
func.func @skips_steps_of_another_quantization(%q: tensor<?x24xi8>, %x: tensor<?x24xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
  %wa = bitnet.parameter @a : !bitnet.ternary<16x24>
  %a = bitnet.ternary_matmul %q, %wa : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %late, %s = bitnet.quantize %x : tensor<?x24xf32> -> tensor<?x24xi8>, tensor<?xf32>
  %y = bitnet.dequantize %a, %s, %wa : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  %wb = bitnet.parameter @b : !bitnet.ternary<16x24>
  %b = bitnet.ternary_matmul %q, %wb : tensor<?x24xi8>, !bitnet.ternary<16x24> -> tensor<?x16xi32>
  %z = bitnet.dequantize %b, %s, %wb : tensor<?x16xi32>, tensor<?xf32>, !bitnet.ternary<16x24> -> tensor<?x16xf32>
  return %y, %z : tensor<?x16xf32>, tensor<?x16xf32>
}
