// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @head_c1_rejects_wrong_width(%x: tensor<?x25xf32>, %table: tensor<9x24xf32>, %first: index) {
  // expected-error @+1 {{width of the input: expected 24, found 25}}
  %y = bitnet.head %x, %table from %first : tensor<?x25xf32>, tensor<9x24xf32> -> tensor<?x9xf32>
  return
}

// -----

func.func @head_c2_rejects_missing_logits(%x: tensor<?x24xf32>, %table: tensor<9x24xf32>, %first: index) {
  // expected-error @+1 {{width of the result: expected 9, found 8}}
  %y = bitnet.head %x, %table from %first : tensor<?x24xf32>, tensor<9x24xf32> -> tensor<?x8xf32>
  return
}

// -----

func.func @head_c3_rejects_lost_tokens(%x: tensor<4x24xf32>, %table: tensor<9x24xf32>, %first: index) {
  // expected-error @+1 {{number of tokens: expected 4, found 1}}
  %y = bitnet.head %x, %table from %first : tensor<4x24xf32>, tensor<9x24xf32> -> tensor<1x9xf32>
  return
}

// -----

func.func @head_c1_rejects_wrong_width_of_rounded_rows(%x: tensor<?x25xf32>, %table: !bitnet.scaled<9x24xi8>, %first: index) {
  // expected-error @+1 {{width of the input: expected 24, found 25}}
  %y = bitnet.head %x, %table from %first : tensor<?x25xf32>, !bitnet.scaled<9x24xi8> -> tensor<?x9xf32>
  return
}

// -----

func.func @head_c2_rejects_missing_logits_of_rounded_rows(%x: tensor<?x24xf32>, %table: !bitnet.scaled<9x24xi6>, %first: index) {
  // expected-error @+1 {{width of the result: expected 9, found 8}}
  %y = bitnet.head %x, %table from %first : tensor<?x24xf32>, !bitnet.scaled<9x24xi6> -> tensor<?x8xf32>
  return
}

// -----

func.func @head_c1_rejects_another_width_than_that_of_blocks(%x: tensor<?x24xf32>, %table: !bitnet.blocked<9x64xi8>, %first: index) {
  // expected-error @+1 {{width of the input: expected 64, found 24}}
  %y = bitnet.head %x, %table from %first : tensor<?x24xf32>, !bitnet.blocked<9x64xi8> -> tensor<?x9xf32>
  return
}

// -----

func.func @head_c4_rejects_a_place_of_another_type(%x: tensor<?x64xf32>, %table: tensor<100x64xf32>, %first: index, %place: tensor<?x90xf32>) {
  // expected-error @+1 {{expected a place of the result's type, 'tensor<?x100xf32>', found 'tensor<?x90xf32>'}}
  %y = bitnet.head %x, %table from %first into %place : tensor<?x64xf32>, tensor<100x64xf32>, tensor<?x90xf32> -> tensor<?x100xf32>
  return
}
