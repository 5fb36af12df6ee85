// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @quantize_c1_rejects_other_width(%x: tensor<?x24xf32>) {
  // expected-error @+1 {{width of the quantized rows: expected 24, found 23}}
  %q, %s = bitnet.quantize %x : tensor<?x24xf32> -> tensor<?x23xi8>, tensor<?xf32>
  return
}

// -----

func.func @quantize_c1_rejects_lost_tokens(%x: tensor<4x24xf32>) {
  // expected-error @+1 {{number of tokens: expected 4, found 3}}
  %q, %s = bitnet.quantize %x : tensor<4x24xf32> -> tensor<3x24xi8>, tensor<4xf32>
  return
}

// -----

func.func @quantize_c2_rejects_one_step_for_all(%x: tensor<4x24xf32>) {
  // expected-error @+1 {{number of tokens: expected 4, found 1}}
  %q, %s = bitnet.quantize %x : tensor<4x24xf32> -> tensor<4x24xi8>, tensor<1xf32>
  return
}
