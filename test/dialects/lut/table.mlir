// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @begins_a_second_block
// CHECK-SAME: %[[X:.*]]: tensor<?x25xi8>
func.func @begins_a_second_block(%x: tensor<?x25xi8>) -> tensor<?x512xi8> {
  // CHECK: lut.table %[[X]] for <signed_nibble, rows = 64> : tensor<?x25xi8> -> tensor<?x512xi8>
  %t = lut.table %x for <signed_nibble, rows = 64> : tensor<?x25xi8> -> tensor<?x512xi8>
  return %t : tensor<?x512xi8>
}
