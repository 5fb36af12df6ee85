// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @rope_c1_rejects_half_a_head(%x: tensor<?x20xf32>, %table: tensor<9x2x4xf32>, %places: tensor<?x2xi32>) {
  // expected-error @+1 {{expected rows of whole heads of 8, found 20}}
  %y = bitnet.rope %x, %table at %places : tensor<?x20xf32>, tensor<9x2x4xf32>, tensor<?x2xi32>
  return
}

// -----

func.func @rope_c2_rejects_one_plane(%x: tensor<?x24xf32>, %table: tensor<9x1x4xf32>, %places: tensor<?x2xi32>) {
  // expected-error @+1 {{middle dimension of the table: expected 2, found 1}}
  %y = bitnet.rope %x, %table at %places : tensor<?x24xf32>, tensor<9x1x4xf32>, tensor<?x2xi32>
  return
}

// -----

func.func @rope_c2_rejects_empty_heads(%x: tensor<?x24xf32>, %table: tensor<9x2x0xf32>, %places: tensor<?x2xi32>) {
  // expected-error @+1 {{expected rows of whole heads of 0, found 24}}
  %y = bitnet.rope %x, %table at %places : tensor<?x24xf32>, tensor<9x2x0xf32>, tensor<?x2xi32>
  return
}

// -----

func.func @rope_c3_rejects_lost_places(%x: tensor<?x24xf32>, %table: tensor<9x2x4xf32>, %places: tensor<1x2xi32>) {
  // expected-error @+1 {{number of tokens: expected ?, found 1}}
  %y = bitnet.rope %x, %table at %places : tensor<?x24xf32>, tensor<9x2x4xf32>, tensor<1x2xi32>
  return
}

// -----

func.func @rope_c3_rejects_places_without_a_position(%x: tensor<?x24xf32>, %table: tensor<9x2x4xf32>, %places: tensor<?x0xi32>) {
  // expected-error @+1 {{expected places of a position and at least 0 pages, found 'tensor<?x0xi32>'}}
  %y = bitnet.rope %x, %table at %places : tensor<?x24xf32>, tensor<9x2x4xf32>, tensor<?x0xi32>
  return
}
