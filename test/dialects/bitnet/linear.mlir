// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @multiplies_any_number_of_tokens
// CHECK-SAME: %[[X:.*]]: tensor<?x24xf32>, %[[W:.*]]: !bitnet.ternary<48x24>
func.func @multiplies_any_number_of_tokens(%x: tensor<?x24xf32>, %w: !bitnet.ternary<48x24>) -> tensor<?x48xf32> {
  // CHECK: bitnet.linear %[[X]], %[[W]] : tensor<?x24xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  %y = bitnet.linear %x, %w : tensor<?x24xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return %y : tensor<?x48xf32>
}
