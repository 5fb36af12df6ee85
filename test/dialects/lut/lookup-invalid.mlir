// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @lookup_c1_rejects_a_table_of_24_entries(%table: vector<24xi8>, %at: vector<32xi8>) {
  // expected-error @+1 {{expected a table of 16 or 32 entries, found 24}}
  %r = lut.lookup %table[%at] signed %at : vector<24xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
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
  // expected-error @+1 {{length: expected 16, found 32}}
  %r = lut.lookup %table[%at] signed %at : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<16xi8>
  return
}

// -----

func.func @lookup_c3_rejects_indices_of_bytes(%table: vector<32xi16>, %at: vector<32xi8>) {
  // expected-error @+1 {{expected elements of the table's type, found 'vector<32xi8>'}}
  %r = lut.lookup %table[%at] : vector<32xi16>, vector<32xi8> -> vector<32xi16>
  return
}

// -----

func.func @lookup_c3_rejects_a_wider_result(%table: vector<16xi8>, %at: vector<32xi8>) {
  // expected-error @+1 {{expected elements of the table's type, found 'vector<32xi16>'}}
  %r = lut.lookup %table[%at] : vector<16xi8>, vector<32xi8> -> vector<32xi16>
  return
}

// -----

func.func @lookup_c3_rejects_signs_of_bytes(%table: vector<32xi16>, %at: vector<32xi16>, %signs: vector<32xi8>) {
  // expected-error @+1 {{expected elements of the table's type, found 'vector<32xi8>'}}
  %r = lut.lookup %table[%at] signed %signs : vector<32xi16>, vector<32xi16>, vector<32xi8> -> vector<32xi16>
  return
}
