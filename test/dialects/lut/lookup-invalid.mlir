// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @lookup_c1_rejects_long_table(%table: vector<32xi8>, %at: vector<32xi8>) {
  // expected-error @+1 {{entries of the table: expected 16, found 32}}
  %r = lut.lookup %table[%at] signed %at : vector<32xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return
}

// -----

func.func @lookup_c2_rejects_fewer_signs(%table: vector<16xi8>, %at: vector<32xi8>) {
  // expected-error @+1 {{length: expected 32, found 16}}
  %r = lut.lookup %table[%at] signed %table : vector<16xi8>, vector<32xi8>, vector<16xi8> -> vector<32xi8>
  return
}

// -----

func.func @lookup_c2_rejects_shorter_result(%table: vector<16xi8>, %at: vector<32xi8>) {
  // expected-error @+1 {{length: expected 32, found 16}}
  %r = lut.lookup %table[%at] signed %at : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<16xi8>
  return
}
