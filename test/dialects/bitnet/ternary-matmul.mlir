// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @sums_in_32_bits
// CHECK-SAME: %[[X:.*]]: tensor<?x24xi8>, %[[W:.*]]: !bitnet.ternary<48x24>
func.func @sums_in_32_bits(%x: tensor<?x24xi8>, %w: !bitnet.ternary<48x24>) -> tensor<?x48xi32> {
  // CHECK: bitnet.ternary_matmul %[[X]], %[[W]] : tensor<?x24xi8>, !bitnet.ternary<48x24> -> tensor<?x48xi32>
  %y = bitnet.ternary_matmul %x, %w : tensor<?x24xi8>, !bitnet.ternary<48x24> -> tensor<?x48xi32>
  return %y : tensor<?x48xi32>
}

// CHECK-LABEL: func @takes_the_widest_matrix
func.func @takes_the_widest_matrix(%x: tensor<?x16777215xi8>, %w: !bitnet.ternary<1x16777215>) {
  // CHECK: bitnet.ternary_matmul
  %y = bitnet.ternary_matmul %x, %w : tensor<?x16777215xi8>, !bitnet.ternary<1x16777215> -> tensor<?x1xi32>
  return
}
