// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @dot_c1_rejects_one_code_per_sum(%sums: vector<16xi16>, %codes: vector<16xi8>, %x: vector<32xi8>) {
  // expected-error @+1 {{bytes: expected 32, found 16}}
  %r = lut.dot %sums, %codes, %x : vector<16xi16>, vector<16xi8>, vector<32xi8>
  return
}

// -----

func.func @dot_c1_rejects_four_activations_per_sum(%sums: vector<16xi16>, %codes: vector<32xi8>, %x: vector<64xi8>) {
  // expected-error @+1 {{bytes: expected 32, found 64}}
  %r = lut.dot %sums, %codes, %x : vector<16xi16>, vector<32xi8>, vector<64xi8>
  return
}
