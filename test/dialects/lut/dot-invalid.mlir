// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @dot_c1_rejects_sums_for_one_token_of_two(%sums: vector<15xi32>, %codes: vector<16xi8>, %x: vector<16xi8>) {
  // expected-error @+1 {{expected a multiple of 2 sums, found 15}}
  %r = lut.dot %sums, %codes, %x {tokens = 2} : vector<15xi32>, vector<16xi8>, vector<16xi8>
  return
}

// -----

func.func @dot_c1_rejects_no_tokens(%sums: vector<16xi16>, %codes: vector<32xi8>, %x: vector<2xi8>) {
  // expected-error @+1 {{expected a multiple of 0 sums, found 16}}
  %r = lut.dot %sums, %codes, %x {tokens = 0} : vector<16xi16>, vector<32xi8>, vector<2xi8>
  return
}

// -----

func.func @dot_c2_rejects_rows_of_different_lengths(%sums: vector<16xi16>, %codes: vector<33xi8>, %x: vector<2xi8>) {
  // expected-error @+1 {{expected whole columns of 16 rows, found 33 codes}}
  %r = lut.dot %sums, %codes, %x : vector<16xi16>, vector<33xi8>, vector<2xi8>
  return
}

// -----

func.func @dot_c2_rejects_activations_for_each_sum(%sums: vector<16xi16>, %codes: vector<32xi8>, %x: vector<32xi8>) {
  // expected-error @+1 {{activations: expected 2, found 32}}
  %r = lut.dot %sums, %codes, %x : vector<16xi16>, vector<32xi8>, vector<32xi8>
  return
}

// -----

func.func @dot_c2_rejects_activations_of_one_token_of_two(%sums: vector<4xi32>, %codes: vector<16xi8>, %x: vector<8xi8>) {
  // expected-error @+1 {{activations: expected 16, found 8}}
  %r = lut.dot %sums, %codes, %x {tokens = 2} : vector<4xi32>, vector<16xi8>, vector<8xi8>
  return
}
