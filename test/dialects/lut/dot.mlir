// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @adds_pairs_to_words
// CHECK-SAME: %[[SUMS:.*]]: vector<16xi16>, %[[CODES:.*]]: vector<32xi8>, %[[X:.*]]: vector<32xi8>
func.func @adds_pairs_to_words(%sums: vector<16xi16>, %codes: vector<32xi8>, %x: vector<32xi8>) -> vector<16xi16> {
  // CHECK: lut.dot %[[SUMS]], %[[CODES]], %[[X]] : vector<16xi16>, vector<32xi8>, vector<32xi8>
  %r = lut.dot %sums, %codes, %x : vector<16xi16>, vector<32xi8>, vector<32xi8>
  return %r : vector<16xi16>
}
