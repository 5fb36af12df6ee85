//===- Passes.td - Phase `machine` -------------------------*- tablegen -*-===//
#ifndef TRITC_PASSES_MACHINE
#define TRITC_PASSES_MACHINE

include "mlir/Pass/PassBase.td"

def LowerPrimitives : Pass<"lut-lower-primitives", "::mlir::ModuleOp"> {
  let summary = "Turn lookups and dot products into the target's instructions";
  let description = [{
    ```mlir
    %r = lut.lookup %table[%i] signed %s
    // becomes, through the target's hook
    %r = llvm.call_intrinsic "llvm.x86.avx2.psign.b"(...)
    ```
    Where a target has no hook, or its hook declines a width, lookups become
    loops over their elements and dot products widening multiplications.
    Values of !lut.register become the target's own, or vectors and loops
    of `lut.dot`.
  }];
  let options = [Option<"target", "target", "std::string", "\"portable\"",
                        "name of the target">];
  let statistics = [
    Statistic<"native", "native", "primitives lowered by the target">,
    Statistic<"generic", "generic", "primitives lowered generically">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect", "::tritc::lut::LutDialect"];
}

#endif // TRITC_PASSES_MACHINE
