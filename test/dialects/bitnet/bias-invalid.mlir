// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

func.func @bias_c1_rejects_one_head(%x: tensor<?x24xf32>, %b: tensor<8xf32>) {
  // expected-error @+1 {{width of the bias: expected 24, found 8}}
  %y = bitnet.bias %x, %b : tensor<?x24xf32>, tensor<8xf32>
  return
}
