// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @rejects_integers(%x: tensor<?x24xi8>, %first: index) {
  // expected-error @+1 {{operand #0 must be 2D tensor of 32-bit float values}}
  %y = bitnet.unit %x from %first : tensor<?x24xi8>
  return
}

// -----

func.func @unit_c1_rejects_a_place_of_another_type(%x: tensor<?x24xf32>, %first: index, %place: tensor<4x24xf32>) {
  // expected-error @+1 {{expected a place of the result's type, 'tensor<?x24xf32>', found 'tensor<4x24xf32>'}}
  %y = bitnet.unit %x from %first into %place : tensor<?x24xf32>, tensor<4x24xf32>
  return
}
