// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @by_layer_c1_rejects_an_empty_list(%layer: index) {
  // expected-error @+1 {{expected at least one number, found none}}
  %window = bitnet.by_layer %layer of [] : index
  return
}

// -----

func.func @by_layer_c2_rejects_negative_numbers(%layer: index) {
  // expected-error @+1 {{expected numbers of at least 0, found -1}}
  %window = bitnet.by_layer %layer of [512, -1] : index
  return
}
