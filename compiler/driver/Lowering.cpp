//===- Lowering.cpp - The phases, run on one model ------------------------===//

#include "compiler/driver/Lowering.h"

#include "compiler/codegen/ObjectFile.h"
#include "compiler/driver/OptionValues.h"
#include "compiler/driver/Tuning.h"
#include "compiler/import/BuildModule.h"
#include "compiler/support/Error.h"
#include "dialects/lut/Lut.h"
#include "passes/Pipeline.h"
#include "passes/tables/Section.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::driver {

//===----------------------------------------------------------------------===//
// MLIR's own flags
//===----------------------------------------------------------------------===//

void registerDebuggingFlags() {
  mlir::registerAsmPrinterCLOptions();
  mlir::registerMLIRContextCLOptions();
  mlir::registerPassManagerCLOptions();
  mlir::registerDefaultTimingManagerCLOptions();
}

llvm::Error applyDebuggingFlags(llvm::ArrayRef<std::string> flags) {
  if (flags.empty())
    return llvm::Error::success();
  std::vector<const char *> argv = {"tritc"};
  for (const std::string &flag : flags)
    argv.push_back(flag.c_str());
  std::string complaint;
  llvm::raw_string_ostream stream(complaint);
  if (llvm::cl::ParseCommandLineOptions(int(argv.size()), argv.data(),
                                        /*Overview=*/"", &stream))
    return llvm::Error::success();
  llvm::StringRef line = llvm::StringRef(complaint).ltrim().split('\n').first;
  line.consume_front("tritc: ");
  // LLVM prints what is wrong with a value by itself.
  return makeError(ExitCode::Usage,
                   line.empty() ? "bad value of a flag of MLIR" : line);
}

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

namespace {

/// Keeps MLIR's first error while it lives, as one line.
class FirstComplaint {
public:
  explicit FirstComplaint(mlir::MLIRContext &context)
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error &&
              line.empty())
            line = describe(diagnostic);
          return mlir::success();
        }) {}

  llvm::Error inPhase(llvm::StringRef phase) const {
    if (line.empty())
      return makeError(
          ExitCode::Internal,
          llvm::formatv("phase {0} failed and gave no reason", phase));
    return makeError(ExitCode::CodeGeneration,
                     llvm::formatv("phase {0}: {1}", phase, line));
  }

private:
  static std::string describe(mlir::Diagnostic &diagnostic) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    if (!mlir::isa<mlir::UnknownLoc>(diagnostic.getLocation()))
      stream << diagnostic.getLocation() << ": ";
    stream << diagnostic;
    // An operation printed behind the message is for --mlir-print-*.
    return llvm::StringRef(text).split('\n').first.str();
  }

  std::string line;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

/// How a table is stored; code 70 if the checkpoint was opened without it.
/// Blocks that rows do not fill become floats.
static llvm::Expected<import::StoredTable>
storedTable(const import::Checkpoint &checkpoint, llvm::StringRef name) {
  const import::TensorView *tensor = checkpoint.find(name);
  if (!tensor)
    return makeError(ExitCode::Internal, name + ": missing tensor");
  const import::BlockedEncoding *blocked = tensor->blocked;
  if (blocked && tensor->shape.back() % blocked->rowMultiple != 0)
    blocked = nullptr;
  return import::StoredTable{tensor->dtype, blocked};
}

static llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
build(mlir::MLIRContext &context, const Model &model,
      const import::Rounded &rounded) {
  const import::ModelConfig &config = model.checkpoint->config();
  constexpr llvm::StringLiteral table = "model.embed_tokens.weight";
  auto embedding = storedTable(*model.checkpoint, table);
  if (!embedding)
    return embedding.takeError();
  auto head = storedTable(*model.checkpoint,
                          config.tiedEmbedding ? table : "lm_head.weight");
  if (!head)
    return head.takeError();
  return import::buildModule(context, config, *embedding, *head,
                             model.contextSize, rounded);
}

static mlir::LogicalResult runPhase(const Phase &phase, mlir::ModuleOp module,
                                    const Goal &goal) {
  mlir::PassManager passes(module->getName());
  if (mlir::failed(mlir::applyPassManagerCLOptions(passes)))
    return mlir::failure();
  mlir::applyDefaultTimingPassManagerCLOptions(passes);
  phase.build(passes, goal);
  return passes.run(module);
}

/// Behind phase `tables`: counts what the target reads, and finds it a place
/// beside what other targets read.
static llvm::Expected<codegen::WeightCounts>
placeWeights(mlir::ModuleOp module, codegen::WeightPlan &weights) {
  llvm::Expected<codegen::WeightPlan> plan = codegen::extractWeightPlan(module);
  if (!plan)
    return plan.takeError();
  codegen::WeightCounts counts = codegen::countWeights(*plan);
  if (!weights.entries.empty()) {
    const codegen::WeightEntry *entry = plan->entries.data();
    if (mlir::failed(
            tables::joinSection(module, weights.bytes, [&](bitnet::WeightOp) {
              return codegen::placeOf(*entry++, weights);
            })))
      return makeError(ExitCode::CodeGeneration,
                       "the weights of all targets exceed 2^63 bytes");
    plan = codegen::extractWeightPlan(module);
    if (!plan)
      return plan.takeError();
  }
  codegen::addPlan(std::move(*plan), weights);
  return counts;
}

/// What a program needs beside its weights; known behind phase `loops`.
static void explainMemory(mlir::ModuleOp module, report::TargetReport &report) {
  if (auto bytes =
          module->getAttrOfType<mlir::IntegerAttr>(lut::kKvCacheBytesAttr))
    report.cacheBytes = bytes.getInt();
  if (auto bytes =
          module->getAttrOfType<mlir::IntegerAttr>(lut::kScratchBytesAttr))
    report.scratchBytes = bytes.getInt();
}

static std::unique_ptr<mlir::MLIRContext> makeContext() {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  codegen::registerTranslation(registry);
  return std::make_unique<mlir::MLIRContext>(
      registry, mlir::MLIRContext::Threading::DISABLED);
}

static Goal goalOf(const Options &options, const Target &target) {
  return {target.name.str(), machineFor(options, target).str(), options.cores};
}

/// Whether `options` end in a phase before that one.
static bool endsBefore(const Options &options, const Phase &phase) {
  for (const Phase &earlier : phases()) {
    if (&earlier == &phase)
      return false;
    if (earlier.name == options.stopAfter)
      return true;
  }
  return false;
}

static const Phase &phaseOf(llvm::StringRef name) {
  return *llvm::find_if(phases(),
                        [&](const Phase &phase) { return phase.name == name; });
}

std::unique_ptr<llvm::ThreadPoolInterface> makeThreads(const Options &options) {
  return std::make_unique<llvm::DefaultThreadPool>(llvm::hardware_concurrency(
      options.mlirFlags.empty() ? options.threads : 1));
}

llvm::Expected<std::string> meaningOf(const Options &options,
                                      const Model &model, Progress &progress) {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> module =
      build(*context, model, options.rounded);
  if (!module)
    return module.takeError();
  const Phase &phase = phaseOf("model");
  progress.begin(("phase " + phase.name).str());
  FirstComplaint complaint(*context);
  if (mlir::failed(runPhase(phase, **module, Goal())))
    return complaint.inPhase(phase.name);
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  if (mlir::failed(mlir::writeBytecodeToFile(**module, stream)))
    return complaint.inPhase(phase.name);
  return bytes;
}

llvm::Expected<Lowering>
Lowering::begin(const Options &options, llvm::StringRef meaning,
                const Target &target, llvm::StringRef label,
                codegen::WeightPlan &weights,
                llvm::ThreadPoolInterface &threads, Progress &progress) {
  Lowering lowering(target, label);
  lowering.context = makeContext();
  if (threads.getMaxConcurrency() > 1)
    lowering.context->setThreadPool(threads);

  const Phase &phase = phaseOf("tables");
  FirstComplaint complaint(*lowering.context);
  lowering.moduleRef =
      mlir::parseSourceString<mlir::ModuleOp>(meaning, lowering.context.get());
  if (!lowering.moduleRef)
    return complaint.inPhase("model");
  if (endsBefore(options, phase))
    return lowering;
  std::optional<report::Measured> measured;
  if (options.tuneSeconds) {
    llvm::Expected<std::optional<report::Measured>> limits =
        tuneModule(options, target, *lowering.moduleRef, progress);
    if (!limits)
      return limits.takeError();
    measured = *limits;
  }
  progress.begin((label + "phase " + phase.name).str());
  if (mlir::failed(
          runPhase(phase, *lowering.moduleRef, goalOf(options, target))))
    return complaint.inPhase(phase.name);
  llvm::Expected<codegen::WeightCounts> counts =
      placeWeights(*lowering.moduleRef, weights);
  if (!counts)
    return counts.takeError();
  lowering.counts = *counts;
  if (options.report || isLinked(options.emit))
    lowering.kernels =
        explainKernels(target, *lowering.moduleRef, *counts, measured);
  return lowering;
}

llvm::Error Lowering::finish(const Options &options, Progress &progress) {
  FirstComplaint complaint(*context);
  const Goal goal = goalOf(options, *target);
  for (const Phase *phase = &phaseOf("tables") + 1;
       phase != phases().end() && !endsBefore(options, *phase); ++phase) {
    Progress::Timer timer(progress, label + "phase " + phase->name);
    if (mlir::failed(runPhase(*phase, *moduleRef, goal)))
      return complaint.inPhase(phase->name);
  }
  explainMemory(*moduleRef, kernels);
  return llvm::Error::success();
}

std::string Lowering::text() {
  std::string text;
  llvm::raw_string_ostream stream(text);
  moduleRef->print(stream);
  stream << '\n';
  return text;
}

} // namespace tritc::driver
