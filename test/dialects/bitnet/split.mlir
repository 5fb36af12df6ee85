// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @cuts_columns_in_order
// CHECK-SAME: %[[X:.*]]: tensor<?x48xf32>
func.func @cuts_columns_in_order(%x: tensor<?x48xf32>) -> (tensor<?x16xf32>, tensor<?x32xf32>) {
  // CHECK: bitnet.split %[[X]] : tensor<?x48xf32> -> tensor<?x16xf32>, tensor<?x32xf32>
  %a, %b = bitnet.split %x : tensor<?x48xf32> -> tensor<?x16xf32>, tensor<?x32xf32>
  return %a, %b : tensor<?x16xf32>, tensor<?x32xf32>
}
