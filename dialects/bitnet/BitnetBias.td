//===- BitnetBias.td - What is added behind a product ----*- tablegen -*-===//
#ifndef TRITC_BITNET_BIAS_TD
#define TRITC_BITNET_BIAS_TD

def Bitnet_BiasOp
    : Bitnet_StoredOp<"bias", [AllTypesMatch<["input", "result"]>]> {
  let summary = "x + bias, per token";
  let description = [{
    What some models add to the result of a linear layer, after its scales.
    ```mlir
    %y = bitnet.bias %x, %b : tensor<?x24xf32>, tensor<24xf32>
    ```
    - bias_c1: a row is as wide as the bias
  }];
  let arguments = (ins Bitnet_Rows:$input, Bitnet_Vector:$bias);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $input `,` $bias attr-dict `:` type($input) `,` qualified(type($bias))
  }];
  let hasVerifier = 1;
}

#endif // TRITC_BITNET_BIAS_TD
