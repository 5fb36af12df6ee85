//===- Pipeline.cpp - The four phases -------------------------------------===//
#include "passes/Pipeline.h"

#include "passes/loops/Passes.h"
#include "passes/machine/Passes.h"
#include "passes/model/Passes.h"
#include "passes/tables/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace tritc {

static void buildModel(OpPassManager &manager, const Goal &) {
  manager.addPass(model::createExpandLinear());
  manager.addPass(createCSEPass());
  manager.addPass(model::createFuseProjections());
  manager.addPass(model::createSpecializePhases());
}

static void buildTables(OpPassManager &manager, const Goal &goal) {
  manager.addPass(
      tables::createAttachTarget({goal.target, goal.machine, goal.cores}));
  manager.addPass(tables::createSelectKernels());
  manager.addPass(createCSEPass());
  manager.addPass(tables::createPlanImage());
}

static void buildLoops(OpPassManager &manager, const Goal &) {
  manager.addPass(loops::createLowerToLoops());
  manager.addPass(loops::createFuseRowLoops());
  manager.addPass(createCSEPass());
  manager.addPass(loops::createPlaceBuffers());
  manager.addPass(loops::createSplitThreads());
  // Not before: it unrolls parallel loops of one iteration, such as those over
  // the token of decode, and then every thread would run them.
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createLoopInvariantCodeMotionPass());
}

static void buildMachine(OpPassManager &manager, const Goal &goal) {
  manager.addPass(machine::createLowerPrimitives({goal.target}));
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(memref::createExpandStridedMetadataPass());
  manager.addPass(createSCFToControlFlowPass());
  manager.addPass(createConvertVectorToLLVMPass());
  manager.addPass(createConvertMathToLLVMPass());
  manager.addPass(createArithToLLVMConversionPass());
  // Lowering vectors of two dimensions leaves some poison.
  manager.addPass(createUBToLLVMConversionPass());
  manager.addPass(createFinalizeMemRefToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions options;
  options.useBarePtrCallConv = true;
  manager.addPass(createConvertFuncToLLVMPass(options));
  manager.addPass(createConvertControlFlowToLLVMPass());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
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
      .insert<arith::ArithDialect, bitnet::BitnetDialect, func::FuncDialect,
              LLVM::LLVMDialect, lut::LutDialect, math::MathDialect,
              memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect>();
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
