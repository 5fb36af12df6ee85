// RUN: %tritc-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: func @a_table_of_zeros_yields_zeros
func.func @a_table_of_zeros_yields_zeros(%at: vector<32xi8>, %signs: vector<32xi8>) -> vector<32xi8> {
  // CHECK-NEXT: %[[ZEROS:.*]] = arith.constant dense<0> : vector<32xi8>
  // CHECK-NEXT: return %[[ZEROS]]
  %table = arith.constant dense<0> : vector<16xi8>
  %r = lut.lookup %table[%at] signed %signs : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}

// CHECK-LABEL: func @a_table_of_ones_stays
func.func @a_table_of_ones_stays(%at: vector<32xi8>, %signs: vector<32xi8>) -> vector<32xi8> {
  // CHECK: lut.lookup
  %table = arith.constant dense<1> : vector<16xi8>
  %r = lut.lookup %table[%at] signed %signs : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}

// CHECK-LABEL: func @a_table_of_zero_words_yields_zero_words
func.func @a_table_of_zero_words_yields_zero_words(%at: vector<8xi16>) -> vector<8xi16> {
  // CHECK-NEXT: %[[ZEROS:.*]] = arith.constant dense<0> : vector<8xi16>
  // CHECK-NEXT: return %[[ZEROS]]
  %table = arith.constant dense<0> : vector<32xi16>
  %r = lut.lookup %table[%at] : vector<32xi16>, vector<8xi16> -> vector<8xi16>
  return %r : vector<8xi16>
}
