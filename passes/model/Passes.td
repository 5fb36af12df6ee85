//===- Passes.td - Phase `model` ---------------------------*- tablegen -*-===//
#ifndef TRITC_PASSES_MODEL
#define TRITC_PASSES_MODEL

include "mlir/Pass/PassBase.td"

def ExpandLinear : Pass<"bitnet-expand-linear", "::mlir::func::FuncOp"> {
  let summary = "Make the quantization inside each linear layer explicit";
  let description = [{
    ```mlir
    %y = bitnet.linear %x, %w
    // becomes
    %q, %s = bitnet.quantize %x
    %a = bitnet.ternary_matmul %q, %w
    %y = bitnet.dequantize %a, %s, %w
    ```
    Layers that share an input share the quantization once common
    subexpressions are eliminated.
  }];
  let statistics = [Statistic<"expanded", "linears", "linear layers expanded">];
}

def FuseProjections : Pass<"bitnet-fuse-projections", "::mlir::ModuleOp"> {
  let summary = "Stack the weights of projections that read one input";
  let description = [{
    ```mlir
    %a = bitnet.ternary_matmul %q, %wa
    %y = bitnet.dequantize %a, %s, %wa
    %b = bitnet.ternary_matmul %q, %wb
    %z = bitnet.dequantize %b, %s, %wb
    // becomes
    %c = bitnet.ternary_matmul %q, %w
    %d = bitnet.dequantize %c, %s, %w
    %y, %z = bitnet.split %d
    ```
    One stream of weights, one barrier. Each source keeps its own scale. Rows
    of a source must be a multiple of 16, so that a vector of rows has one
    scale.
  }];
  let statistics = [Statistic<"fused", "products", "products fused away">];
}

def SpecializePhases : Pass<"bitnet-specialize-phases", "::mlir::ModuleOp"> {
  let summary = "Clone @forward into @decode (one token) and @prefill";
  let description = [{
    ```mlir
    func.func @forward(%ids: tensor<?xi32>, ...)
    // becomes
    func.func @decode(%ids: tensor<1xi32>, ...)
    func.func @prefill(%ids: tensor<?xi32>, ...)
    ```
  }];
}

#endif // TRITC_PASSES_MODEL
