// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @adds_pairs_of_columns_to_words
// CHECK-SAME: %[[SUMS:.*]]: vector<16xi16>, %[[CODES:.*]]: vector<32xi8>, %[[X:.*]]: vector<2xi8>
func.func @adds_pairs_of_columns_to_words(%sums: vector<16xi16>, %codes: vector<32xi8>, %x: vector<2xi8>) -> vector<16xi16> {
  // CHECK: lut.dot %[[SUMS]], %[[CODES]], %[[X]] : vector<16xi16>, vector<32xi8>, vector<2xi8>
  %r = lut.dot %sums, %codes, %x : vector<16xi16>, vector<32xi8>, vector<2xi8>
  return %r : vector<16xi16>
}

// Two tokens of eight columns, times two rows: the sums are four.
// CHECK-LABEL: func @multiplies_two_tokens_at_once
// CHECK-SAME: %[[SUMS:.*]]: vector<4xi32>, %[[CODES:.*]]: vector<16xi8>, %[[X:.*]]: vector<16xi8>
func.func @multiplies_two_tokens_at_once(%sums: vector<4xi32>, %codes: vector<16xi8>, %x: vector<16xi8>) -> vector<4xi32> {
  // CHECK: lut.dot %[[SUMS]], %[[CODES]], %[[X]] {tokens = 2 : i64} : vector<4xi32>, vector<16xi8>, vector<16xi8>
  %r = lut.dot %sums, %codes, %x {tokens = 2} : vector<4xi32>, vector<16xi8>, vector<16xi8>
  return %r : vector<4xi32>
}

// CHECK-LABEL: func @takes_signed_codes
// CHECK-SAME: %[[SUMS:.*]]: vector<4xi32>, %[[CODES:.*]]: vector<16xi8>, %[[X:.*]]: vector<4xi8>
func.func @takes_signed_codes(%sums: vector<4xi32>, %codes: vector<16xi8>, %x: vector<4xi8>) -> vector<4xi32> {
  // CHECK: lut.dot %[[SUMS]], %[[CODES]], %[[X]] of signed codes : vector<4xi32>, vector<16xi8>, vector<4xi8>
  %r = lut.dot %sums, %codes, %x of signed codes : vector<4xi32>, vector<16xi8>, vector<4xi8>
  return %r : vector<4xi32>
}

// CHECK-LABEL: func @takes_unsigned_codes
// CHECK-SAME: %[[SUMS:.*]]: vector<16xi32>, %[[CODES:.*]]: vector<64xi8>, %[[X:.*]]: vector<4xi8>
func.func @takes_unsigned_codes(%sums: vector<16xi32>, %codes: vector<64xi8>, %x: vector<4xi8>) -> vector<16xi32> {
  // CHECK: lut.dot %[[SUMS]], %[[CODES]], %[[X]] of unsigned codes : vector<16xi32>, vector<64xi8>, vector<4xi8>
  %r = lut.dot %sums, %codes, %x of unsigned codes : vector<16xi32>, vector<64xi8>, vector<4xi8>
  return %r : vector<16xi32>
}
