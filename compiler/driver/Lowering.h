//===- Lowering.h - The phases, run on one model --------------------------===//
#pragma once

#include "compiler/codegen/WeightPlan.h"
#include "compiler/driver/Model.h"
#include "compiler/driver/Progress.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/ThreadPool.h"

#include <memory>

namespace tritc::driver {

/// Registers the flags that applyDebuggingFlags reads. Once per process.
void registerDebuggingFlags();

/// Hands MLIR's own flags to MLIR; code 1 for one that it does not know.
llvm::Error applyDebuggingFlags(llvm::ArrayRef<std::string> flags);

/// Threads for what can be done side by side. One, where MLIR's own flags ask
/// for IR to be printed, which several at once would mix.
std::unique_ptr<llvm::ThreadPoolInterface> makeThreads(const Options &options);

/// What a model means, the same for all targets: its module behind phase
/// `model`, as bytecode. Code 5 with MLIR's first complaint where that fails.
llvm::Expected<std::string> meaningOf(const Options &options,
                                      const Model &model, Progress &progress);

/// The module of one target on its way down, with the context it lives in, so
/// that several can be lowered side by side.
class Lowering {
public:
  /// Reads what meaningOf wrote and runs phase `tables` for one `target`. Its
  /// parameters join those of other targets in `weights`.
  /// Progress shows `label` in front of the phase; it ends in a space, or is
  /// empty. `threads` must live as long as the lowering.
  /// Code 5 with MLIR's first complaint where a phase fails.
  static llvm::Expected<Lowering>
  begin(const Options &options, llvm::StringRef meaning, const Target &target,
        llvm::StringRef label, codegen::WeightPlan &weights,
        llvm::ThreadPoolInterface &threads, Progress &progress);

  /// Runs the phases behind `tables`, as far as `options` ask.
  llvm::Error finish(const Options &options, Progress &progress);

  mlir::ModuleOp module() { return *moduleRef; }
  std::string text();

  /// Of this target's parameters; taken behind phase `tables`.
  const codegen::WeightCounts &weightCounts() const { return counts; }

  /// Why they were chosen, if `options` ask for a report.
  const report::TargetReport &explanation() const { return kernels; }

private:
  Lowering(const Target &target, llvm::StringRef label)
      : target(&target), label(label) {}

  const Target *target;
  std::string label;

  // In the order of their dependence: destroyed from the last to the first.
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> moduleRef;
  codegen::WeightCounts counts{};
  report::TargetReport kernels{};
};

} // namespace tritc::driver
