// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @rejects_integers(%x: tensor<?x24xi8>, %first: index) {
  // expected-error @+1 {{operand #0 must be 2D tensor of 32-bit float values}}
  %y = bitnet.unit %x from %first : tensor<?x24xi8>
  return
}
