// RUN: %tritc-opt %s --lut-lower-primitives | FileCheck %s

// Codes are unsigned, activations signed; one column after the other.
// CHECK-LABEL: func @dots_become_multiplications
// CHECK-SAME: %[[SUMS:.*]]: vector<2xi16>, %[[CODES:.*]]: vector<4xi8>, %[[X:.*]]: vector<2xi8>
func.func @dots_become_multiplications(%sums: vector<2xi16>, %codes: vector<4xi8>, %x: vector<2xi8>) -> vector<2xi16> {
  // CHECK: %[[CODES0:.*]] = vector.shuffle %[[CODES]], %[[CODES]] [0, 2]
  // CHECK: %[[X0:.*]] = vector.shuffle %[[X]], %[[X]] [0, 0]
  // CHECK: %[[A0:.*]] = arith.extui %[[CODES0]] : vector<2xi8> to vector<2xi16>
  // CHECK: %[[B0:.*]] = arith.extsi %[[X0]] : vector<2xi8> to vector<2xi16>
  // CHECK: %[[PRODUCT0:.*]] = arith.muli %[[A0]], %[[B0]]
  // CHECK: %[[R0:.*]] = arith.addi %[[SUMS]], %[[PRODUCT0]]
  // CHECK: vector.shuffle %[[CODES]], %[[CODES]] [1, 3]
  // CHECK: vector.shuffle %[[X]], %[[X]] [1, 1]
  // CHECK: %[[PRODUCT1:.*]] = arith.muli
  // CHECK: %[[R1:.*]] = arith.addi %[[R0]], %[[PRODUCT1]]
  // CHECK: return %[[R1]]
  %r = lut.dot %sums, %codes, %x : vector<2xi16>, vector<4xi8>, vector<2xi8>
  return %r : vector<2xi16>
}

// CHECK-LABEL: func @all_rows_of_a_token_come_before_the_next
// CHECK-SAME: %{{.*}}: vector<4xi32>, %[[CODES:.*]]: vector<4xi8>, %[[X:.*]]: vector<4xi8>
func.func @all_rows_of_a_token_come_before_the_next(%sums: vector<4xi32>, %codes: vector<4xi8>, %x: vector<4xi8>) -> vector<4xi32> {
  // CHECK: vector.shuffle %[[CODES]], %[[CODES]] [0, 2, 0, 2]
  // CHECK: vector.shuffle %[[X]], %[[X]] [0, 0, 2, 2]
  // CHECK: vector.shuffle %[[CODES]], %[[CODES]] [1, 3, 1, 3]
  // CHECK: vector.shuffle %[[X]], %[[X]] [1, 1, 3, 3]
  // CHECK-NOT: vector.shuffle
  // CHECK: return
  %r = lut.dot %sums, %codes, %x {tokens = 2} : vector<4xi32>, vector<4xi8>, vector<4xi8>
  return %r : vector<4xi32>
}

// CHECK-LABEL: func @four_columns_are_four_products_of_32_bits
func.func @four_columns_are_four_products_of_32_bits(%sums: vector<2xi32>, %codes: vector<8xi8>, %x: vector<4xi8>) -> vector<2xi32> {
  // CHECK-COUNT-4: arith.muli %{{.*}} : vector<2xi32>
  // CHECK-NOT: arith.muli
  // CHECK: return
  %r = lut.dot %sums, %codes, %x : vector<2xi32>, vector<8xi8>, vector<4xi8>
  return %r : vector<2xi32>
}

// CHECK-LABEL: func @signed_codes_keep_their_sign
// CHECK-SAME: %{{.*}}: vector<2xi32>, %[[CODES:.*]]: vector<2xi8>
func.func @signed_codes_keep_their_sign(%sums: vector<2xi32>, %codes: vector<2xi8>, %x: vector<1xi8>) -> vector<2xi32> {
  // CHECK: %[[COLUMN:.*]] = vector.shuffle %[[CODES]], %[[CODES]] [0, 1]
  // CHECK-NOT: arith.extui
  // CHECK: arith.extsi %[[COLUMN]] : vector<2xi8> to vector<2xi32>
  %r = lut.dot %sums, %codes, %x of signed codes : vector<2xi32>, vector<2xi8>, vector<1xi8>
  return %r : vector<2xi32>
}
