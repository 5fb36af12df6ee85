// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @keeps_the_token_tile
// CHECK-SAME: %[[X:.*]]: tensor<?x24xi8>, %[[S:.*]]: tensor<?xf32>, %[[W:.*]]: !bitnet.ternary<48x24>
func.func @keeps_the_token_tile(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) -> tensor<?x48xf32> {
  // CHECK: lut.matmul %[[X]], %[[S]], %[[W]] packed <codes, rows = 1> by <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 6, load_columns = 2> :
  // CHECK-SAME: tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  %y = lut.matmul %x, %s, %w packed <codes, rows = 1> by <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 6, load_columns = 2> : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return %y : tensor<?x48xf32>
}

// CHECK-LABEL: func @multiplies_packed_codes
// CHECK-SAME: %[[X:.*]]: tensor<?x24xi8>, %[[S:.*]]: tensor<?xf32>, %[[W:.*]]: !bitnet.ternary<48x24>
func.func @multiplies_packed_codes(%x: tensor<?x24xi8>, %s: tensor<?xf32>, %w: !bitnet.ternary<48x24>) -> tensor<?x48xf32> {
  // CHECK: lut.matmul %[[X]], %[[S]], %[[W]] packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> by <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> :
  // CHECK-SAME: tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  %y = lut.matmul %x, %s, %w packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> by <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
  return %y : tensor<?x48xf32>
}
