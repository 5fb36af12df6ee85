// RUN: %tritc-opt %s --lut-split-threads --split-input-file --verify-diagnostics

func.func @rejects_two_dimensions(%n: index) {
  // expected-error @+1 {{expected one dimension from 0 in steps of 1, no results}}
  scf.forall (%i, %j) in (%n, %n) {
  }
  return
}

// -----

func.func @rejects_steps(%n: index) {
  // expected-error @+1 {{expected one dimension from 0 in steps of 1, no results}}
  scf.forall (%i) = (0) to (%n) step (2) {
  }
  return
}
