// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @mark_c1_rejects_no_name() {
  // expected-error @+1 {{expected a kind with a name}}
  lut.mark ""
  return
}

// -----

func.func @mark_c2_rejects_fewer_than_no_bytes() {
  // expected-error @+1 {{expected bytes from 0 on, found -1}}
  lut.mark "head" reads -1
  return
}
