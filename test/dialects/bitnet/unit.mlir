// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @starts_at_the_first_wanted_row
// CHECK-SAME: %[[X:.*]]: tensor<?x24xf32>, %[[FIRST:.*]]: index
func.func @starts_at_the_first_wanted_row(%x: tensor<?x24xf32>, %first: index) -> tensor<?x24xf32> {
  // CHECK: bitnet.unit %[[X]] from %[[FIRST]] : tensor<?x24xf32>
  %y = bitnet.unit %x from %first : tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}
