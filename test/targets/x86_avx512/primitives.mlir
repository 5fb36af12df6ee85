// RUN: %tritc-opt %s --lut-lower-primitives=target=x86_avx512 | FileCheck %s

// CHECK-LABEL: func @lookups_of_32_words_are_permutations
// CHECK-SAME: %[[TABLE:.*]]: vector<32xi16>, %[[AT:.*]]: vector<32xi16>
func.func @lookups_of_32_words_are_permutations(%table: vector<32xi16>, %at: vector<32xi16>) -> vector<32xi16> {
  // CHECK-NEXT: %[[R:.*]] = llvm.call_intrinsic "llvm.x86.avx512.permvar.hi.512"(%[[TABLE]], %[[AT]])
  // CHECK-NEXT: return %[[R]]
  %r = lut.lookup %table[%at] : vector<32xi16>, vector<32xi16> -> vector<32xi16>
  return %r : vector<32xi16>
}

// CHECK-LABEL: func @dots_of_four_columns_are_byte_products
// CHECK-SAME: %[[SUMS:.*]]: vector<16xi32>, %[[CODES:.*]]: vector<64xi8>, %[[X:.*]]: vector<4xi8>
func.func @dots_of_four_columns_are_byte_products(%sums: vector<16xi32>, %codes: vector<64xi8>, %x: vector<4xi8>) -> vector<16xi32> {
  // CHECK: %[[FOUR:.*]] = vector.bitcast %[[X]] : vector<4xi8> to vector<1xi32>
  // CHECK: %[[WORD:.*]] = vector.extract %[[FOUR]][0]
  // CHECK: %[[WORDS:.*]] = vector.broadcast %[[WORD]] : i32 to vector<16xi32>
  // CHECK: %[[ALL:.*]] = vector.bitcast %[[WORDS]] : vector<16xi32> to vector<64xi8>
  // CHECK: %[[R:.*]] = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%[[SUMS]], %[[CODES]], %[[ALL]])
  // CHECK-NEXT: return %[[R]]
  %r = lut.dot %sums, %codes, %x : vector<16xi32>, vector<64xi8>, vector<4xi8>
  return %r : vector<16xi32>
}

// CHECK-LABEL: func @signed_lookups_are_lowered_generically
func.func @signed_lookups_are_lowered_generically(%table: vector<32xi16>, %at: vector<32xi16>) -> vector<32xi16> {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.lookup %table[%at] signed %at : vector<32xi16>, vector<32xi16>, vector<32xi16> -> vector<32xi16>
  return %r : vector<32xi16>
}

// CHECK-LABEL: func @other_widths_are_lowered_generically
func.func @other_widths_are_lowered_generically(%sums: vector<16xi32>, %bytes: vector<32xi8>, %x: vector<2xi8>) -> (vector<32xi8>, vector<16xi32>) {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.lookup %bytes[%bytes] : vector<32xi8>, vector<32xi8> -> vector<32xi8>
  %d = lut.dot %sums, %bytes, %x : vector<16xi32>, vector<32xi8>, vector<2xi8>
  return %r, %d : vector<32xi8>, vector<16xi32>
}

// CHECK-LABEL: func @unsigned_codes_are_byte_products_as_well
func.func @unsigned_codes_are_byte_products_as_well(%sums: vector<16xi32>, %codes: vector<64xi8>, %x: vector<4xi8>) -> vector<16xi32> {
  // CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
  %r = lut.dot %sums, %codes, %x of unsigned codes : vector<16xi32>, vector<64xi8>, vector<4xi8>
  return %r : vector<16xi32>
}
