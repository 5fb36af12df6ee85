// RUN: %tritc-opt %s --lut-lower-primitives=target=x86_avx2 | FileCheck %s

// CHECK-LABEL: func @lookups_of_32_bytes_are_shuffles
// CHECK-SAME: %[[TABLE:.*]]: vector<16xi8>, %[[AT:.*]]: vector<32xi8>, %[[SIGNS:.*]]: vector<32xi8>
func.func @lookups_of_32_bytes_are_shuffles(%table: vector<16xi8>, %at: vector<32xi8>, %signs: vector<32xi8>) -> vector<32xi8> {
  // CHECK: %[[TWICE:.*]] = vector.shuffle %[[TABLE]], %[[TABLE]]
  // CHECK: %[[LOOKED:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"(%[[TWICE]], %[[AT]])
  // CHECK-NEXT: llvm.call_intrinsic "llvm.x86.avx2.psign.b"(%[[LOOKED]], %[[SIGNS]])
  %r = lut.lookup %table[%at] signed %signs : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}

// CHECK-LABEL: func @dots_of_16_sums_are_byte_products
// CHECK-SAME: %[[SUMS:.*]]: vector<16xi16>, %[[CODES:.*]]: vector<32xi8>, %[[X:.*]]: vector<2xi8>
func.func @dots_of_16_sums_are_byte_products(%sums: vector<16xi16>, %codes: vector<32xi8>, %x: vector<2xi8>) -> vector<16xi16> {
  // CHECK: %[[PAIR:.*]] = vector.bitcast %[[X]] : vector<2xi8> to vector<1xi16>
  // CHECK: %[[WORD:.*]] = vector.extract %[[PAIR]][0]
  // CHECK: %[[WORDS:.*]] = vector.broadcast %[[WORD]] : i16 to vector<16xi16>
  // CHECK: %[[ALL:.*]] = vector.bitcast %[[WORDS]] : vector<16xi16> to vector<32xi8>
  // CHECK: %[[PAIRS:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.ub.sw"(%[[CODES]], %[[ALL]])
  // CHECK: arith.addi %[[SUMS]], %[[PAIRS]]
  %r = lut.dot %sums, %codes, %x : vector<16xi16>, vector<32xi8>, vector<2xi8>
  return %r : vector<16xi16>
}

// CHECK-LABEL: func @other_widths_are_lowered_generically
func.func @other_widths_are_lowered_generically(%sums: vector<8xi16>, %table: vector<16xi8>, %x: vector<2xi8>) -> (vector<16xi8>, vector<8xi16>) {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.lookup %table[%table] signed %table : vector<16xi8>, vector<16xi8>, vector<16xi8> -> vector<16xi8>
  %d = lut.dot %sums, %table, %x : vector<8xi16>, vector<16xi8>, vector<2xi8>
  return %r, %d : vector<16xi8>, vector<8xi16>
}

// CHECK-LABEL: func @complements_are_lowered_generically
func.func @complements_are_lowered_generically(%table: vector<16xi8>, %at: vector<32xi8>) -> vector<32xi8> {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.lookup %table[%at] signed %at {complement} : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}

// CHECK-LABEL: func @dots_of_four_columns_are_pairs_of_pairs
func.func @dots_of_four_columns_are_pairs_of_pairs(%sums: vector<8xi32>, %codes: vector<32xi8>, %x: vector<4xi8>) -> vector<8xi32> {
  // CHECK: %[[PAIRS:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.ub.sw"
  // CHECK: %[[ONES:.*]] = arith.constant dense<1> : vector<16xi16>
  // CHECK: %[[FOURS:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%[[PAIRS]], %[[ONES]])
  // CHECK: arith.addi %{{.*}}, %[[FOURS]]
  %r = lut.dot %sums, %codes, %x : vector<8xi32>, vector<32xi8>, vector<4xi8>
  return %r : vector<8xi32>
}

// Sums of two products of such codes would not fit 16 bits.
// CHECK-LABEL: func @large_codes_are_lowered_generically
func.func @large_codes_are_lowered_generically(%sums: vector<8xi32>, %codes: vector<32xi8>, %x: vector<4xi8>) -> (vector<8xi32>, vector<8xi32>) {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %u = lut.dot %sums, %codes, %x of unsigned codes : vector<8xi32>, vector<32xi8>, vector<4xi8>
  %s = lut.dot %sums, %codes, %x of signed codes : vector<8xi32>, vector<32xi8>, vector<4xi8>
  return %u, %s : vector<8xi32>, vector<8xi32>
}
