// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @rms_norm_c1_rejects_short_weight(%x: tensor<?x24xf32>, %w: tensor<23xf32>) {
  // expected-error @+1 {{expected rows of whole weights of 23, found 24}}
  %y = bitnet.rms_norm %x, %w epsilon 1.0e-5 : tensor<?x24xf32>, tensor<23xf32>
  return
}

// -----

func.func @rms_norm_c2_rejects_zero(%x: tensor<?x24xf32>, %w: tensor<24xf32>) {
  // expected-error @+1 {{expected a positive finite epsilon, found 0.0}}
  %y = bitnet.rms_norm %x, %w epsilon 0.0 : tensor<?x24xf32>, tensor<24xf32>
  return
}

// -----

func.func @rms_norm_c2_rejects_negative(%x: tensor<?x24xf32>, %w: tensor<24xf32>) {
  // expected-error @+1 {{expected a positive finite epsilon, found -1.0}}
  %y = bitnet.rms_norm %x, %w epsilon -1.0 : tensor<?x24xf32>, tensor<24xf32>
  return
}

// -----

func.func @rms_norm_c2_rejects_infinity(%x: tensor<?x24xf32>, %w: tensor<24xf32>) {
  // expected-error @+1 {{expected a positive finite epsilon, found 0x7F800000}}
  %y = bitnet.rms_norm %x, %w epsilon 0x7F800000 : tensor<?x24xf32>, tensor<24xf32>
  return
}
