// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @parameter_c1_rejects_unknown_name() {
  // expected-error @+1 {{no bitnet.weight named @missing}}
  %w = bitnet.parameter @missing : tensor<24xf32>
  return
}

// -----

func.func private @other()
func.func @parameter_c1_rejects_other_symbol() {
  // expected-error @+1 {{no bitnet.weight named @other}}
  %w = bitnet.parameter @other : tensor<24xf32>
  return
}

// -----

// expected-note @+1 {{declared here}}
bitnet.weight @norm : tensor<24xf32> from ["norm"]
func.func @parameter_c2_rejects_other_type() {
  // expected-error @+1 {{expected type 'tensor<24xf32>', found 'tensor<25xf32>'}}
  %w = bitnet.parameter @norm : tensor<25xf32>
  return
}

// -----

// expected-note @+1 {{declared here}}
bitnet.weight @norm : tensor<24xf32> from ["norm"]
func.func @parameter_c3_rejects_layer(%layer: index) {
  // expected-error @+1 {{has a layer but the weight no count}}
  %w = bitnet.parameter @norm[%layer] : tensor<24xf32>
  return
}

// -----

// expected-note @+1 {{declared here}}
bitnet.weight @norms : tensor<24xf32> x 2 from ["norm.{}"]
func.func @parameter_c3_rejects_missing_layer() {
  // expected-error @+1 {{needs a layer}}
  %w = bitnet.parameter @norms : tensor<24xf32>
  return
}
