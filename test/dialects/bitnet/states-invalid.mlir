// RUN: %tritc-opt %s --verify-diagnostics

func.func @rejects_integers(%x: tensor<?x64xi32>, %first: index) {
  // expected-error @+1 {{operand #0 must be}}
  %s = bitnet.states %x from %first into %x : tensor<?x64xi32>
  return
}
