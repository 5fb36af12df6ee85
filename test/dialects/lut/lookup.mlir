// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @looks_32_bytes_up
// CHECK-SAME: %[[TABLE:.*]]: vector<16xi8>, %[[AT:.*]]: vector<32xi8>, %[[SIGNS:.*]]: vector<32xi8>
func.func @looks_32_bytes_up(%table: vector<16xi8>, %at: vector<32xi8>, %signs: vector<32xi8>) -> vector<32xi8> {
  // CHECK: lut.lookup %[[TABLE]][%[[AT]]] signed %[[SIGNS]] : vector<16xi8>, vector<32xi8>, vector<32xi8>
  %r = lut.lookup %table[%at] signed %signs : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}
