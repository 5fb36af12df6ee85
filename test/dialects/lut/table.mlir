// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @begins_a_second_block
// CHECK-SAME: %[[X:.*]]: tensor<?x25xi8>
func.func @begins_a_second_block(%x: tensor<?x25xi8>) -> tensor<?x512xi8> {
  // CHECK: lut.table %[[X]] for <signed_nibble, rows = 64> : tensor<?x25xi8> -> tensor<?x512xi8>
  %t = lut.table %x for <signed_nibble, rows = 64> : tensor<?x25xi8> -> tensor<?x512xi8>
  return %t : tensor<?x512xi8>
}

// CHECK-LABEL: func @holds_words
// CHECK-SAME: %[[X:.*]]: tensor<?x49xi8>
func.func @holds_words(%x: tensor<?x49xi8>) -> tensor<?x2048xi8> {
  // CHECK: lut.table %[[X]] for <index_words, rows = 64> : tensor<?x49xi8> -> tensor<?x2048xi8>
  %t = lut.table %x for <index_words, rows = 64> : tensor<?x49xi8> -> tensor<?x2048xi8>
  return %t : tensor<?x2048xi8>
}

// CHECK-LABEL: func @is_split_for_complements
// CHECK-SAME: %[[X:.*]]: tensor<?x24xi8>
func.func @is_split_for_complements(%x: tensor<?x24xi8>) -> tensor<?x256xi8> {
  // CHECK: lut.table %[[X]] for <signed_nibble, rows = 32> {complement} : tensor<?x24xi8> -> tensor<?x256xi8>
  %t = lut.table %x for <signed_nibble, rows = 32> {complement} : tensor<?x24xi8> -> tensor<?x256xi8>
  return %t : tensor<?x256xi8>
}
