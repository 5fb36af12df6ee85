// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @table_c1_rejects_codes(%x: tensor<?x24xi8>) {
  // expected-error @+1 {{expected a packing that is looked up, found #lut.packing<codes, rows = 1>}}
  %t = lut.table %x for <codes, rows = 1> : tensor<?x24xi8> -> tensor<?x256xi8>
  return
}

// -----

func.func @table_c2_rejects_half_a_block(%x: tensor<?x25xi8>) {
  // expected-error @+1 {{bytes of table: expected 512, found 288}}
  %t = lut.table %x for <signed_nibble, rows = 64> : tensor<?x25xi8> -> tensor<?x288xi8>
  return
}

// -----

func.func @table_c3_rejects_lost_tokens(%x: tensor<4x24xi8>) {
  // expected-error @+1 {{number of tokens: expected 4, found 1}}
  %t = lut.table %x for <signed_nibble, rows = 64> : tensor<4x24xi8> -> tensor<1x256xi8>
  return
}

// -----

func.func @table_c1_rejects_dot_codes(%x: tensor<?x24xi8>) {
  // expected-error @+1 {{expected a packing that is looked up, found #lut.packing<dot_codes, rows = 16, dot_rows = 4, dot_columns = 4>}}
  %t = lut.table %x for <dot_codes, rows = 16, dot_rows = 4, dot_columns = 4> : tensor<?x24xi8> -> tensor<?x256xi8>
  return
}

// -----

func.func @table_c2_rejects_half_a_block_of_words(%x: tensor<?x24xi8>) {
  // expected-error @+1 {{bytes of table: expected 1024, found 512}}
  %t = lut.table %x for <index_words, rows = 32> : tensor<?x24xi8> -> tensor<?x512xi8>
  return
}
