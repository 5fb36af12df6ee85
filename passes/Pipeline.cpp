//===- Pipeline.cpp - The four phases -------------------------------------===//
#include "passes/Pipeline.h"

#include "passes/loops/BufferModels.h"
#include "passes/loops/Passes.h"
#include "passes/machine/Passes.h"
#include "passes/model/Passes.h"
#include "passes/tables/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace tritc {

static void buildModel(OpPassManager &manager, const Goal &) {
  manager.addNestedPass<func::FuncOp>(model::createExpandLinear());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
  manager.addPass(model::createFuseProjections());
  manager.addPass(model::createSpecializePhases());
}

static void buildTables(OpPassManager &manager, const Goal &goal) {
  manager.addPass(
      tables::createAttachTarget({goal.target, goal.machine, goal.cores}));
  manager.addPass(tables::createPlanImage());
  manager.addPass(tables::createSelectKernels());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
}

static void buildLoops(OpPassManager &manager, const Goal &) {
  manager.addPass(loops::createBufferize());
  manager.addPass(loops::createLowerToLoops());
  manager.addNestedPass<func::FuncOp>(loops::createFuseRowLoops());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
  manager.addPass(loops::createPlaceBuffers());
  manager.addPass(loops::createSplitThreads());
  manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
  manager.addNestedPass<func::FuncOp>(createLoopInvariantCodeMotionPass());
}

static void buildMachine(OpPassManager &manager, const Goal &goal) {
  manager.addPass(machine::createLowerPrimitives({goal.target}));
  auto &functions = manager.nest<func::FuncOp>();
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(memref::createExpandStridedMetadataPass());
  functions.addPass(createSCFToControlFlowPass());
  functions.addPass(createConvertVectorToLLVMPass());
  functions.addPass(createConvertMathToLLVMPass());
  functions.addPass(createArithToLLVMConversionPass());
  // Lowering vectors of two dimensions leaves some poison.
  functions.addPass(createUBToLLVMConversionPass());
  // These make symbols, or change functions.
  manager.addPass(createFinalizeMemRefToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions options;
  options.useBarePtrCallConv = true;
  manager.addPass(createConvertFuncToLLVMPass(options));
  manager.addPass(createConvertControlFlowToLLVMPass());
  auto &lowered = manager.nest<LLVM::LLVMFuncOp>();
  lowered.addPass(createReconcileUnrealizedCastsPass());
  lowered.addPass(createCanonicalizerPass());
  lowered.addPass(createCSEPass());
}

ArrayRef<Phase> phases() {
  static const Phase table[] = {
      {"model", "fuse projections, make quantization explicit, clone per phase",
       buildModel},
      {"tables", "choose a kernel per matrix, plan the weight image",
       buildTables},
      {"loops", "tile, place every buffer, split over threads", buildLoops},
      {"machine", "the target's instructions, then the LLVM dialect",
       buildMachine},
  };
  return table;
}

void registerDialects(DialectRegistry &registry) {
  registry
      .insert<arith::ArithDialect, bitnet::BitnetDialect,
              bufferization::BufferizationDialect, func::FuncDialect,
              LLVM::LLVMDialect, lut::LutDialect, math::MathDialect,
              memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect>();
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  loops::registerBufferModels(registry);
}

namespace {
struct PhaseOptions : PassPipelineOptions<PhaseOptions> {
  Option<std::string> target{*this, "target",
                             llvm::cl::desc("name of the target"),
                             llvm::cl::init("portable")};
  Option<std::string> machine{
      *this, "machine",
      llvm::cl::desc("name of the machine to choose kernels for")};
  Option<unsigned> cores{*this, "cores", llvm::cl::init(0),
                         llvm::cl::desc("of the machine; 0 for all")};
};
} // namespace

void registerPasses() {
  model::registerPasses();
  tables::registerPasses();
  loops::registerPasses();
  machine::registerPasses();
  for (const Phase &phase : phases())
    PassPipelineRegistration<PhaseOptions>(
        ("tritc-phase-" + phase.name).str(), phase.summary,
        [&phase](OpPassManager &manager, const PhaseOptions &options) {
          phase.build(manager,
                      {options.target, options.machine, options.cores});
        });
}

} // namespace tritc
