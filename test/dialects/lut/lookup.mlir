// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @looks_32_bytes_up
// CHECK-SAME: %[[TABLE:.*]]: vector<16xi8>, %[[AT:.*]]: vector<32xi8>, %[[SIGNS:.*]]: vector<32xi8>
func.func @looks_32_bytes_up(%table: vector<16xi8>, %at: vector<32xi8>, %signs: vector<32xi8>) -> vector<32xi8> {
  // CHECK: lut.lookup %[[TABLE]][%[[AT]]] signed %[[SIGNS]] : vector<16xi8>, vector<32xi8>, vector<32xi8>
  %r = lut.lookup %table[%at] signed %signs : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}

// CHECK-LABEL: func @looks_words_up_without_signs
// CHECK-SAME: %[[TABLE:.*]]: vector<32xi16>, %[[AT:.*]]: vector<32xi16>
func.func @looks_words_up_without_signs(%table: vector<32xi16>, %at: vector<32xi16>) -> vector<32xi16> {
  // CHECK: lut.lookup %[[TABLE]][%[[AT]]] : vector<32xi16>, vector<32xi16> -> vector<32xi16>
  %r = lut.lookup %table[%at] : vector<32xi16>, vector<32xi16> -> vector<32xi16>
  return %r : vector<32xi16>
}

// CHECK-LABEL: func @complements
// CHECK-SAME: %[[TABLE:.*]]: vector<16xi8>, %[[AT:.*]]: vector<32xi8>, %[[SIGNS:.*]]: vector<32xi8>
func.func @complements(%table: vector<16xi8>, %at: vector<32xi8>, %signs: vector<32xi8>) -> vector<32xi8> {
  // CHECK: lut.lookup %[[TABLE]][%[[AT]]] signed %[[SIGNS]] {complement} :
  %r = lut.lookup %table[%at] signed %signs {complement} : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}
