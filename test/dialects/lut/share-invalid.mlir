// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @rejects_an_unknown_share(%n: index) {
  scf.forall (%i) in (%n) {
  // expected-error @below {{expected ::tritc::lut::Share to be one of: rows, tiles, heads}}
  // expected-error @below {{failed to parse}}
  } {mapping = [#lut.share<columns>]}
  return
}
