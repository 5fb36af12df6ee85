// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @embed_c1_rejects_lost_tokens(%ids: tensor<4xi32>, %table: tensor<9x24xf32>) {
  // expected-error @+1 {{number of tokens: expected 4, found 3}}
  %x = bitnet.embed %ids, %table : tensor<4xi32>, tensor<9x24xf32> -> tensor<3x24xf32>
  return
}

// -----

func.func @embed_c2_rejects_wrong_width(%ids: tensor<?xi32>, %table: tensor<9x24xf32>) {
  // expected-error @+1 {{width of the result: expected 24, found 25}}
  %x = bitnet.embed %ids, %table : tensor<?xi32>, tensor<9x24xf32> -> tensor<?x25xf32>
  return
}

// -----

func.func @embed_c3_rejects_zero(%ids: tensor<?xi32>, %table: tensor<9x24xf32>) {
  // expected-error @+1 {{expected a positive finite scale, found 0}}
  %x = bitnet.embed %ids, %table scaled by 0.0 : tensor<?xi32>, tensor<9x24xf32> -> tensor<?x24xf32>
  return
}

// -----

func.func @embed_c2_rejects_another_width_than_that_of_blocks(%ids: tensor<?xi32>, %table: !bitnet.blocked<9x64xi8>) {
  // expected-error @+1 {{width of the result: expected 64, found 24}}
  %x = bitnet.embed %ids, %table : tensor<?xi32>, !bitnet.blocked<9x64xi8> -> tensor<?x24xf32>
  return
}
