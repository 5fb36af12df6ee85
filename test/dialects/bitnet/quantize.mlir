// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @gives_one_step_per_token
// CHECK-SAME: %[[X:.*]]: tensor<?x24xf32>
func.func @gives_one_step_per_token(%x: tensor<?x24xf32>) -> (tensor<?x24xi8>, tensor<?xf32>) {
  // CHECK: bitnet.quantize %[[X]] : tensor<?x24xf32> -> tensor<?x24xi8>, tensor<?xf32>
  %q, %s = bitnet.quantize %x : tensor<?x24xf32> -> tensor<?x24xi8>, tensor<?xf32>
  return %q, %s : tensor<?x24xi8>, tensor<?xf32>
}
