// RUN: %tritc-opt %s --lut-lower-primitives=target=aarch64_dotprod | FileCheck %s

// CHECK-LABEL: func @dots_of_four_columns_are_byte_products
// CHECK-SAME: %[[SUMS:.*]]: vector<4xi32>, %[[CODES:.*]]: vector<16xi8>, %[[X:.*]]: vector<4xi8>
func.func @dots_of_four_columns_are_byte_products(%sums: vector<4xi32>, %codes: vector<16xi8>, %x: vector<4xi8>) -> vector<4xi32> {
  // CHECK: %[[FOUR:.*]] = vector.bitcast %[[X]] : vector<4xi8> to vector<1xi32>
  // CHECK: %[[WORD:.*]] = vector.extract %[[FOUR]][0]
  // CHECK: %[[WORDS:.*]] = vector.broadcast %[[WORD]] : i32 to vector<4xi32>
  // CHECK: %[[ALL:.*]] = vector.bitcast %[[WORDS]] : vector<4xi32> to vector<16xi8>
  // CHECK: %[[R:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sdot.v4i32.v16i8"(%[[SUMS]], %[[CODES]], %[[ALL]])
  // CHECK-NEXT: return %[[R]]
  %r = lut.dot %sums, %codes, %x : vector<4xi32>, vector<16xi8>, vector<4xi8>
  return %r : vector<4xi32>
}

// Both operands of the instruction are signed.
// CHECK-LABEL: func @signed_codes_are_byte_products_as_well
func.func @signed_codes_are_byte_products_as_well(%sums: vector<4xi32>, %codes: vector<16xi8>, %x: vector<4xi8>) -> vector<4xi32> {
  // CHECK: llvm.aarch64.neon.sdot.v4i32.v16i8
  %r = lut.dot %sums, %codes, %x of signed codes : vector<4xi32>, vector<16xi8>, vector<4xi8>
  return %r : vector<4xi32>
}

// CHECK-LABEL: func @two_tokens_are_lowered_generically
func.func @two_tokens_are_lowered_generically(%sums: vector<4xi32>, %codes: vector<16xi8>) -> vector<4xi32> {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.dot %sums, %codes, %codes {tokens = 2} : vector<4xi32>, vector<16xi8>, vector<16xi8>
  return %r : vector<4xi32>
}

// CHECK-LABEL: func @lookups_are_lowered_generically
func.func @lookups_are_lowered_generically(%table: vector<16xi8>, %at: vector<32xi8>) -> vector<32xi8> {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.lookup %table[%at] signed %at : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}
