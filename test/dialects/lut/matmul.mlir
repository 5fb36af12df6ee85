// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @keeps_the_token_tile
// CHECK-SAME: %[[X:.*]]: tensor<?x24xi8>, %[[S:.*]]: tensor<?xf32>, %[[W:.*]]: !bitnet.ternary<48x24>
func.func @keeps_the_token_tile(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) -> tensor<?x48xf32> {
  // CHECK: lut.matmul %[[X]], %[[S]], %[[W]] packed <codes, rows = 1> {token_tile = 6 : i64} :
  // CHECK-SAME: tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  %y = lut.matmul %x, %s, %w packed <codes, rows = 1> {token_tile = 6 : i64} : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return %y : tensor<?x48xf32>
}
