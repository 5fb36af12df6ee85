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

/// A module on its way down, with all that it lives in.
class Lowering {
public:
  /// Builds the module of `model` and runs the phases that `options` ask for,
  /// for one `target`. Its parameters join those of other targets in `weights`.
  /// Progress shows `label` in front of the phases; it ends in a space, or is
  /// empty.
  /// Code 5 with MLIR's first complaint where one fails.
  static llvm::Expected<Lowering>
  run(const Options &options, const Model &model, const Target &target,
      llvm::StringRef label, codegen::WeightPlan &weights, Progress &progress);

  mlir::ModuleOp module() { return *moduleRef; }
  std::string text();

  /// Of this target's parameters; taken behind phase `tables`.
  const codegen::WeightCounts &weightCounts() const { return counts; }

  /// Why they were chosen, if `options` ask for a report.
  const report::TargetReport &explanation() const { return kernels; }

private:
  Lowering() = default;

  // In the order of their dependence: destroyed from the last to the first.
  std::unique_ptr<llvm::ThreadPoolInterface> pool;
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> moduleRef;
  codegen::WeightCounts counts{};
  report::TargetReport kernels{};
};

} // namespace tritc::driver
