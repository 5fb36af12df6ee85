//===- Passes.td - Phase `tables` --------------------------*- tablegen -*-===//
#ifndef TRITC_PASSES_TABLES
#define TRITC_PASSES_TABLES

include "mlir/Pass/PassBase.td"

def AttachTarget : Pass<"lut-attach-target", "::mlir::ModuleOp"> {
  let summary = "Write the target's numbers into the module";
  let description = [{
    ```mlir
    module
    // becomes
    module attributes {lut.target = #lut.target<...>}
    ```
    The only pass of this phase that knows a target; the others read numbers.
    A module that brings its own numbers keeps them.
  }];
  let options = [
    Option<"target", "target", "std::string", "\"portable\"",
           "name of the target">,
    Option<"machine", "machine", "std::string", "\"\"",
           "name of the machine to choose kernels for; the target's own">,
    Option<"cores", "cores", "unsigned", "0",
           "cores of the machine that will be used; 0 for all">];
  let dependentDialects = ["::tritc::lut::LutDialect"];
}

def PlanImage : Pass<"lut-plan-image", "::mlir::ModuleOp"> {
  let summary = "Choose the packing of each parameter and its place in the section";
  let description = [{
    ```mlir
    bitnet.weight @w : !bitnet.ternary<64x24> from ["w"]
    // becomes
    bitnet.weight @w : !bitnet.ternary<64x24> from ["w"]
        {lut.layout = #lut.layout<offset = 0, stride = 384, packing = ...>}
    ```
    The packing is that of the target's kernel with the lowest predicted time
    (CostModel.h). Parameters keep the order in which the module declares them.
    The module gets the size of the section, a multiple of 4096.
  }];
  let dependentDialects = ["::tritc::lut::LutDialect"];
}

def SelectKernels : Pass<"lut-select-kernels", "::mlir::ModuleOp"> {
  let summary = "Compute each ternary product by the kernel of its weights";
  let description = [{
    ```mlir
    %a = bitnet.ternary_matmul %q, %w
    %y = bitnet.dequantize %a, %s, %w
    // becomes, for one token and a packing that is looked up
    %t = lut.table %q for #packing
    %y = lut.matvec %t, %s, %w packed #packing
    // otherwise
    %y = lut.matmul %q, %s, %w packed #packing by #dot_shape
    ```
    The packing is that of the weights; its kernel is the target's.
  }];
  let dependentDialects = ["::tritc::lut::LutDialect"];
  let statistics = [Statistic<"lookups", "lookups", "products looked up">,
                    Statistic<"dots", "dot-products",
                              "products by dot products">];
}

#endif // TRITC_PASSES_TABLES
