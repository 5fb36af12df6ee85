// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @rejects_unknown_activation(%x: tensor<?x24xf32>) {
  // expected-error @+2 {{expected ::tritc::bitnet::Activation to be one of: relu2, silu, gelu_tanh}}
  // expected-error @+1 {{failed to parse}}
  %y = bitnet.glu <tanh> %x, %x : tensor<?x24xf32>
  return
}

// -----

func.func @rejects_integers(%x: tensor<?x24xi8>) {
  // expected-error @+1 {{operand #0 must be 2D tensor of 32-bit float values}}
  %y = bitnet.glu <relu2> %x, %x : tensor<?x24xi8>
  return
}
