//===- Tuning.cpp - Kernels of a module, timed and explained --------------===//

#include "compiler/driver/Tuning.h"
#include "compiler/driver/OptionValues.h"

#include "compiler/support/Error.h"
#include "compiler/tuning/SmallProgram.h"
#include "compiler/tuning/Tuner.h"
#include "dialects/lut/Lut.h"
#include "passes/tables/CostModel.h"
#include "passes/tables/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Threading.h"

#include <cmath>

namespace tritc::driver {

/// Threads that the program will run on, if this is its machine.
static unsigned threadsOf(const Options &options) {
  unsigned all = llvm::hardware_concurrency().compute_thread_count();
  return options.cores ? std::min(options.cores, all) : all;
}

static std::vector<tuning::MatrixShape> shapesOf(mlir::ModuleOp module) {
  std::vector<tuning::MatrixShape> shapes;
  for (auto weight : module.getOps<bitnet::WeightOp>())
    if (auto type = mlir::dyn_cast<bitnet::TernaryType>(weight.getType())) {
      tuning::MatrixShape shape{type.getRows(), type.getCols()};
      if (!llvm::is_contained(shapes, shape))
        shapes.push_back(shape);
    }
  return shapes;
}

/// Timings as the attributes that passes read.
static llvm::SmallVector<lut::TimingAttr>
timingAttrs(const Target &target, lut::TargetAttr numbers,
            llvm::ArrayRef<tuning::Timing> timings) {
  auto nanoseconds = [](double seconds) {
    return std::max<int64_t>(1, std::llround(seconds * 1e9));
  };
  llvm::SmallVector<lut::TimingAttr> attributes;
  for (auto [kernel, attribute] :
       llvm::zip_equal(target.kernels, numbers.getKernels()))
    for (const tuning::Timing &timing : timings)
      if (timing.kernel == tuning::nameOf(kernel))
        attributes.push_back(lut::TimingAttr::get(
            numbers.getContext(), timing.rows, timing.columns,
            attribute.getPacking(), nanoseconds(timing.decode),
            nanoseconds(timing.prefill)));
  return attributes;
}

/// The best of all runs that measured them.
static std::optional<report::Measured>
limitsOf(llvm::ArrayRef<tuning::Timing> timings) {
  std::optional<report::Measured> best;
  for (const tuning::Timing &timing : timings) {
    if (!best)
      best = {timing.cpu, timing.threads, 0, 0};
    best->bytesPerSecond =
        std::max(best->bytesPerSecond, timing.bytesPerSecond);
    best->dotsPerSecond = std::max(best->dotsPerSecond, timing.dotsPerSecond);
  }
  return best;
}

llvm::Expected<std::optional<report::Measured>>
tuneModule(const Options &options, const Target &target, mlir::ModuleOp module,
           Progress &progress) {
  mlir::PassManager passes(module.getContext());
  passes.addPass(tables::createAttachTarget(
      {target.name.str(), machineFor(options, target).str(), options.cores}));
  if (mlir::failed(passes.run(module)))
    return makeError(ExitCode::Internal, "lut-attach-target failed");
  progress.begin("tune");
  llvm::Expected<tuning::Tuning> tuned = tuning::tune(
      {target, threadsOf(options), double(*options.tuneSeconds),
       options.tuneCache.value_or(tuning::defaultCachePath())},
      shapesOf(module), [&](size_t done, size_t count, llvm::StringRef shape) {
        progress.update("tune", unsigned(done * 100 / count), shape);
      });
  if (!tuned)
    return tuned.takeError();
  for (const std::string &note : tuned->notes)
    progress.note(note);
  lut::TargetAttr numbers = *lut::targetOf(module);
  module->setAttr(lut::kTargetAttr, numbers.withTimings(timingAttrs(
                                        target, numbers, tuned->timings)));
  return limitsOf(tuned->timings);
}

//===----------------------------------------------------------------------===//
// The report
//===----------------------------------------------------------------------===//

static report::Candidate explain(const Kernel &kernel,
                                 lut::KernelAttr attribute,
                                 lut::TargetAttr numbers,
                                 bitnet::TernaryType type,
                                 lut::PackingAttr chosen) {
  report::Candidate candidate;
  lut::PackingSpec spec = attribute.getPacking().spec();
  candidate.kernel = tuning::nameOf(kernel);
  candidate.bytes = *type.getTiles(spec).size();
  candidate.bitsPerWeight = 8 * double(candidate.bytes) /
                            (double(type.getRows()) * double(type.getCols()));
  tables::Prediction prediction =
      tables::predict(attribute, numbers.getMachine(), type);
  candidate.computeSeconds = prediction.compute * 1e-9;
  candidate.memorySeconds = prediction.memory * 1e-9;
  if (tables::canCompute(attribute, type))
    candidate.predicted = prediction.time() * 1e-9;
  if (lut::TimingAttr timing =
          numbers.timingOf(attribute, type.getRows(), type.getCols())) {
    candidate.decode = double(timing.getDecode()) * 1e-9;
    candidate.prefill = double(timing.getPrefill()) * 1e-9;
  }
  candidate.isChosen = attribute.getPacking() == chosen;
  return candidate;
}

static report::Matrix explain(const Target &target, lut::TargetAttr numbers,
                              bitnet::WeightOp weight) {
  auto type = mlir::cast<bitnet::TernaryType>(weight.getType());
  auto layout = weight->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr);
  report::Matrix matrix{weight.getSymName().str(),
                        type.getRows(),
                        type.getCols(),
                        int64_t(weight.getCount().value_or(1)),
                        {}};
  for (auto [kernel, attribute] :
       llvm::zip_equal(target.kernels, numbers.getKernels()))
    matrix.candidates.push_back(
        explain(kernel, attribute, numbers, type, layout.getPacking()));
  return matrix;
}

/// The output head, and what is left when it and the matrices are counted.
static std::vector<report::Stream>
streamsOf(const codegen::WeightCounts &counts) {
  std::vector<report::Stream> streams;
  if (counts.headBytes)
    streams.push_back(
        {"output head",
         counts.headBits ? llvm::formatv("{0}-bit rows", counts.headBits).str()
                         : "the checkpoint's own",
         int64_t(counts.headBytes)});
  streams.push_back(
      {"norms and others", "floats",
       int64_t(counts.bytesPerToken - counts.ternaryBytes - counts.headBytes)});
  return streams;
}

report::TargetReport
explainKernels(const Target &target, mlir::ModuleOp module,
               const codegen::WeightCounts &counts,
               const std::optional<report::Measured> &measured) {
  lut::TargetAttr numbers = *lut::targetOf(module);
  lut::MachineAttr machine = numbers.getMachine();
  report::TargetReport result;
  result.target = target.name.str();
  result.cores = machine.getCores();
  result.mhz = machine.getMhz();
  result.blockTokens = numbers.getPrefillTokens();
  result.bytesPerSecond = double(machine.getBandwidth()) * 1e6;
  result.measured = measured;
  for (auto weight : module.getOps<bitnet::WeightOp>())
    if (mlir::isa<bitnet::TernaryType>(weight.getType()))
      result.matrices.push_back(explain(target, numbers, weight));
  result.streams = streamsOf(counts);
  return result;
}

} // namespace tritc::driver
