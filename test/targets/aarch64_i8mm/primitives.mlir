// RUN: %tritc-opt %s --lut-lower-primitives=target=aarch64_i8mm | FileCheck %s

// The tokens come first: the sums of a token are next to each other.
// CHECK-LABEL: func @dots_of_two_tokens_are_matrix_products
// CHECK-SAME: %[[SUMS:.*]]: vector<4xi32>, %[[CODES:.*]]: vector<16xi8>, %[[X:.*]]: vector<16xi8>
func.func @dots_of_two_tokens_are_matrix_products(%sums: vector<4xi32>, %codes: vector<16xi8>, %x: vector<16xi8>) -> vector<4xi32> {
  // CHECK-NEXT: %[[R:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.smmla.v4i32.v16i8"(%[[SUMS]], %[[X]], %[[CODES]])
  // CHECK-NEXT: return %[[R]]
  %r = lut.dot %sums, %codes, %x {tokens = 2} : vector<4xi32>, vector<16xi8>, vector<16xi8>
  return %r : vector<4xi32>
}

// CHECK-LABEL: func @one_token_of_two_columns_is_lowered_generically
func.func @one_token_of_two_columns_is_lowered_generically(%sums: vector<4xi32>, %codes: vector<8xi8>, %x: vector<2xi8>) -> vector<4xi32> {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.dot %sums, %codes, %x : vector<4xi32>, vector<8xi8>, vector<2xi8>
  return %r : vector<4xi32>
}
