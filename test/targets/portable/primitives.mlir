// RUN: %tritc-opt %s --lut-lower-primitives=target=portable | FileCheck %s

// CHECK-LABEL: func @no_instruction_beyond_the_baseline
func.func @no_instruction_beyond_the_baseline(%table: vector<16xi8>, %at: vector<32xi8>, %sums: vector<16xi16>, %x: vector<2xi8>) -> (vector<32xi8>, vector<16xi16>) {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.lookup %table[%at] signed %at : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  %d = lut.dot %sums, %r, %x : vector<16xi16>, vector<32xi8>, vector<2xi8>
  return %r, %d : vector<32xi8>, vector<16xi16>
}
