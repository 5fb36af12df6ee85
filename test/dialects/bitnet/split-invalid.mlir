// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @split_c1_rejects_missing_columns(%x: tensor<?x48xf32>) {
  // expected-error @+1 {{sum of the widths of the pieces: expected 48, found 47}}
  %a, %b = bitnet.split %x : tensor<?x48xf32> -> tensor<?x16xf32>, tensor<?x31xf32>
  return
}

// -----

func.func @split_c2_rejects_lost_tokens(%x: tensor<4x48xf32>) {
  // expected-error @+1 {{number of tokens: expected 4, found 1}}
  %a, %b = bitnet.split %x : tensor<4x48xf32> -> tensor<4x16xf32>, tensor<1x32xf32>
  return
}
