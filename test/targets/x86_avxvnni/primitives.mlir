// RUN: %tritc-opt %s --lut-lower-primitives=target=x86_avxvnni | FileCheck %s

// CHECK-LABEL: func @dots_of_four_columns_are_byte_products
// CHECK-SAME: %[[SUMS:.*]]: vector<8xi32>, %[[CODES:.*]]: vector<32xi8>, %[[X:.*]]: vector<4xi8>
func.func @dots_of_four_columns_are_byte_products(%sums: vector<8xi32>, %codes: vector<32xi8>, %x: vector<4xi8>) -> vector<8xi32> {
  // CHECK: %[[ALL:.*]] = vector.bitcast %{{.*}} : vector<8xi32> to vector<32xi8>
  // CHECK: %[[R:.*]] = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"(%[[SUMS]], %[[CODES]], %[[ALL]])
  // CHECK-NEXT: return %[[R]]
  %r = lut.dot %sums, %codes, %x of unsigned codes : vector<8xi32>, vector<32xi8>, vector<4xi8>
  return %r : vector<8xi32>
}

// CHECK-LABEL: func @lookups_are_those_of_avx2
func.func @lookups_are_those_of_avx2(%table: vector<16xi8>, %at: vector<32xi8>, %signs: vector<32xi8>) -> vector<32xi8> {
  // CHECK: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
  // CHECK: llvm.call_intrinsic "llvm.x86.avx2.psign.b"
  %r = lut.lookup %table[%at] signed %signs : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}

// The instruction takes unsigned bytes for codes.
// CHECK-LABEL: func @signed_codes_are_lowered_generically
func.func @signed_codes_are_lowered_generically(%sums: vector<8xi32>, %codes: vector<32xi8>, %x: vector<4xi8>) -> vector<8xi32> {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.dot %sums, %codes, %x of signed codes : vector<8xi32>, vector<32xi8>, vector<4xi8>
  return %r : vector<8xi32>
}

// CHECK-LABEL: func @other_widths_are_lowered_generically
func.func @other_widths_are_lowered_generically(%sums: vector<16xi32>, %codes: vector<64xi8>, %x: vector<4xi8>) -> vector<16xi32> {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.dot %sums, %codes, %x of unsigned codes : vector<16xi32>, vector<64xi8>, vector<4xi8>
  return %r : vector<16xi32>
}
