//===- SmallProgram.cpp - A few operations, compiled like a model ---------===//
#include "compiler/tuning/SmallProgram.h"

#include "compiler/support/Error.h"
#include "dialects/lut/Lut.h"
#include "passes/Pipeline.h"
#include "passes/tables/Passes.h"
#include "targets/Registry.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace tritc::tuning {

std::string nameOf(const Kernel &kernel) {
  return llvm::formatv(
      "{0}.{1}",
      lut::stringifyPackingKind(lut::PackingKind(kernel.packing.kind)),
      kernel.packing.tileRows);
}

/// Leaves the target one kernel.
static LogicalResult useOnly(ModuleOp module, const Target &target,
                             const Kernel &kernel) {
  PassManager manager(module.getContext());
  manager.addPass(tables::createAttachTarget({target.name.str(), "", 0}));
  if (failed(manager.run(module)))
    return failure();
  lut::TargetAttr all = *lut::targetOf(module);
  auto own = all.getKernels()[&kernel - target.kernels.begin()];
  module->setAttr(lut::kTargetAttr, all.withKernels(own));
  return success();
}

static llvm::Error phaseFailed(StringRef phase) {
  return makeError(ExitCode::CodeGeneration,
                   llvm::formatv("phase {0} failed on a small program", phase));
}

namespace {
/// A context with all that small programs are made of.
struct Setting {
  Setting() : context(registry(), MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
  }

  static DialectRegistry registry() {
    DialectRegistry registry;
    registerDialects(registry);
    codegen::registerTranslation(registry);
    return registry;
  }

  llvm::Expected<OwningOpRef<ModuleOp>> parse(StringRef text) {
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return makeError(ExitCode::Internal, "a small program does not parse");
    return module;
  }

  MLIRContext context;
};
} // namespace

static llvm::Expected<std::string> emit(ModuleOp module, const Target &host,
                                        const codegen::ProgramInfo &info) {
  codegen::Machine machine{host.triple.str(), host.cpu.str(),
                           featureString(host)};
  llvm::Expected<codegen::MachineCode> code =
      codegen::MachineCode::create(module, machine, info);
  if (!code)
    return code.takeError();
  llvm::Expected<llvm::SmallVector<char, 0>> object = code->object();
  if (!object)
    return object.takeError();
  return std::string(object->begin(), object->end());
}

llvm::Expected<SmallProgram> compileSmallProgram(const SmallSource &source,
                                                 PhaseObserver observe) {
  const Target &host = source.host ? *source.host : *source.target;
  Setting setting;
  llvm::Expected<OwningOpRef<ModuleOp>> parsed = setting.parse(source.text);
  if (!parsed)
    return parsed.takeError();
  ModuleOp module = **parsed;
  // Kernels are the target's, wherever their primitives run.
  if (source.kernel && failed(useOnly(module, *source.target, *source.kernel)))
    return phaseFailed("tables");

  SmallProgram program;
  auto forward = module.lookupSymbol<func::FuncOp>("forward");
  program.info.vocabSize = uint32_t(
      cast<RankedTensorType>(forward.getResultTypes()[0]).getDimSize(1));
  const Goal goal{host.name.str(), "", 0};
  for (const Phase &phase : phases()) {
    PassManager manager(&setting.context);
    phase.build(manager, goal);
    if (failed(manager.run(module)))
      return phaseFailed(phase.name);
    if (observe)
      observe(phase.name, module);
    if (phase.name != "tables")
      continue;
    llvm::Expected<codegen::WeightPlan> plan =
        codegen::extractWeightPlan(module);
    if (!plan)
      return plan.takeError();
    program.weights = std::move(*plan);
  }
  program.info.targetName = host.name.str();
  if (llvm::Error error = codegen::readProgramInfo(module, program.info))
    return std::move(error);
  llvm::Expected<std::string> object = emit(module, host, program.info);
  if (!object)
    return object.takeError();
  program.object = std::move(*object);
  return program;
}

llvm::Expected<std::string> compileLoops(StringRef text, const Target &target) {
  Setting setting;
  llvm::Expected<OwningOpRef<ModuleOp>> module = setting.parse(text);
  if (!module)
    return module.takeError();
  PassManager manager(&setting.context);
  const Phase &last = phases().back();
  last.build(manager, {target.name.str(), "", 0});
  if (failed(manager.run(**module)))
    return phaseFailed(last.name);
  codegen::ProgramInfo info;
  info.targetName = target.name.str();
  return emit(**module, target, info);
}

} // namespace tritc::tuning
