//===- Passes.td - Phase `loops` ---------------------------*- tablegen -*-===//
#ifndef TRITC_PASSES_LOOPS
#define TRITC_PASSES_LOOPS

include "mlir/Pass/PassBase.td"

def Bufferize : Pass<"lut-bufferize", "::mlir::ModuleOp"> {
  let summary = "Give every tensor a buffer";
  let description = [{
    ```mlir
    func.func @decode(%ids: tensor<1xi32>, %places: tensor<1x65xi32>,
                      %first: index) -> tensor<1x512xf32> {
      %y = bitnet.rms_norm %x, %w epsilon 1.0e-5
          : tensor<1x64xf32>, tensor<64xf32>
      %h = arith.addf %x, %z : tensor<1x64xf32>
    // becomes
    func.func @decode(%weights: memref<4096xi8>, ..., %logits: ...) {
      %y = bitnet.rms_norm %x, %w epsilon 1.0e-5
          : memref<1x64xf32, strided<[?, 1], offset: ?>>, memref<64xf32>
      bitnet.add %x, %z into %x
    ```
    Functions get the buffers of their caller. Operations stay what they are;
    MLIR's One-Shot Bufferize decides what is updated in place and what must be
    copied.
  }];
  let statistics = [Statistic<"copies", "copies", "buffers that are copied">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::tritc::lut::LutDialect"];
}

def LowerToLoops : Pass<"lut-lower-to-loops", "::mlir::ModuleOp"> {
  let summary = "Turn every operation on buffers into loops";
  let description = [{
    ```mlir
    %y = bitnet.rms_norm %x, %w epsilon 1.0e-5
        : memref<?x64xf32, strided<[?, 1], offset: ?>>, memref<64xf32>
    // becomes
    scf.forall (%t) in (%tokens) {
      ... vector loads, math, vector stores ...
    } {mapping = [#lut.share<rows>]}
    ```
    One pattern per operation. What an operation returns is a buffer with padded
    rows; parameters become views of the weight section. A `forall` that is mapped to `rows` touches
    only those of its own token.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
    "::tritc::lut::LutDialect"];
}

def FuseRowLoops : Pass<"lut-fuse-row-loops", "::mlir::func::FuncOp"> {
  let summary = "Merge neighbouring loops over tokens";
  let description = [{
    ```mlir
    scf.forall (%t) in (%n) { A } {mapping = [#lut.share<rows>]}
    scf.forall (%t) in (%n) { B } {mapping = [#lut.share<rows>]}
    // becomes
    scf.forall (%t) in (%n) { A; B } {mapping = [#lut.share<rows>]}
    ```
    Legal because each touches only the rows of its own token; saves a barrier.
  }];
  let statistics = [Statistic<"fused", "loops", "loops merged away">];
}

def PlaceBuffers : Pass<"lut-place-buffers", "::mlir::ModuleOp"> {
  let summary = "Give every buffer a fixed place in one scratch area";
  let description = [{
    ```mlir
    %b = memref.alloc() : memref<4x64xf32>
    // becomes
    %b = memref.view %scratch[%c0][] : memref<1024xi8> to memref<4x64xf32>
    ```
    Buffers whose uses do not overlap in time share bytes; uses through views,
    and those that loops carry, count as well, and a use that cannot be
    followed, such as a call, is an error. The function gets the scratch area as
    its second argument.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def SplitThreads : Pass<"lut-split-threads", "::mlir::ModuleOp"> {
  let summary = "Give each thread a consecutive share of every parallel loop";
  let description = [{
    ```mlir
    scf.forall (%i) in (%n) { A }
    // becomes
    %lo = %n * %thread / %threads
    %hi = %n * (%thread + 1) / %threads
    scf.for %i = %lo to %hi { A }
    func.call @tritc_barrier(%barrier)
    ```
    All threads run the whole function. A `lut.mark` calls the function in the
    variable `tritc_mark`, where there is one, and each barrier gets a mark;
    the module gets `lut.work_names` and `lut.work_bytes`. Buffers that a loop
    body allocates on the stack move to the function's entry: each thread has its
    own. Loops share those of one type.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::scf::SCFDialect",
    "::tritc::lut::LutDialect"];
}

#endif // TRITC_PASSES_LOOPS
