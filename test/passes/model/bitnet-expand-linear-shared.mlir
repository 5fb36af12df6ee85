// RUN: %tritc-opt %s --bitnet-expand-linear --cse | FileCheck %s

// CHECK-LABEL: func @one_input_is_quantized_once
func.func @one_input_is_quantized_once(%x: tensor<?x24xf32>, %a: !bitnet.ternary<48x24>, %b: !bitnet.ternary<32x24>) -> (tensor<?x48xf32>, tensor<?x32xf32>) {
  // CHECK: %[[Q:.*]], %{{.*}} = bitnet.quantize
  // CHECK-NOT: bitnet.quantize
  // CHECK: bitnet.ternary_matmul %[[Q]]
  // CHECK: bitnet.ternary_matmul %[[Q]]
  %y = bitnet.linear %x, %a : tensor<?x24xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  %z = bitnet.linear %x, %b : tensor<?x24xf32>, !bitnet.ternary<32x24> -> tensor<?x32xf32>
  return %y, %z : tensor<?x48xf32>, tensor<?x32xf32>
}
