// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @adds_to_each_row
// CHECK-SAME: %[[X:.*]]: tensor<?x24xf32>, %[[B:.*]]: tensor<24xf32>
func.func @adds_to_each_row(%x: tensor<?x24xf32>, %b: tensor<24xf32>) -> tensor<?x24xf32> {
  // CHECK: bitnet.bias %[[X]], %[[B]] : tensor<?x24xf32>, tensor<24xf32>
  %y = bitnet.bias %x, %b : tensor<?x24xf32>, tensor<24xf32>
  return %y : tensor<?x24xf32>
}
