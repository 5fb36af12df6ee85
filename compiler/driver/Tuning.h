//===- Tuning.h - Kernels of a module, timed and explained ----------------===//
#pragma once

#include "compiler/codegen/WeightPlan.h"
#include "compiler/driver/Options.h"
#include "compiler/driver/Progress.h"

#include "mlir/IR/BuiltinOps.h"

namespace tritc::driver {

/// Writes the target's numbers into a module behind phase `model`, with what
/// each of its kernels takes here for each ternary matrix. \returns what the
/// machine could do at most meanwhile; nothing where nothing was measured.
llvm::Expected<std::optional<report::Measured>>
tuneModule(const Options &options, const Target &target, mlir::ModuleOp module,
           Progress &progress);

/// Explains the kernels of a module behind phase `tables`, and what a token
/// reads beside their matrices: `counts`.
report::TargetReport
explainKernels(const Target &target, mlir::ModuleOp module,
               const codegen::WeightCounts &counts,
               const std::optional<report::Measured> &measured);

} // namespace tritc::driver
