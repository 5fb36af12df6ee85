//===- SmallProgram.h - A few operations, compiled like a model -----------===//
//
// A function of the `bitnet` dialect goes the way of every model (phases,
// object file), with one kernel or all that its target has to choose from.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/codegen/ObjectFile.h"
#include "targets/Target.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <string>

namespace tritc::tuning {

/// "dot_codes.64": packing and rows of a tile, unique among a target's.
std::string nameOf(const Kernel &kernel);

/// What to compile.
struct SmallSource {
  std::string text; ///< module with a function @forward, as importers build it
  const Target *target;
  /// Of the target's: leaves the cost model no choice. Null: all of them.
  const Kernel *kernel = nullptr;
  /// Whose instructions the primitives become; null: the target's.
  const Target *host = nullptr;
};

/// What became of it.
struct SmallProgram {
  std::string object; ///< exports `tritc_program`
  codegen::WeightPlan weights;
  codegen::ProgramInfo info;
};

/// Sees the module behind each phase.
using PhaseObserver =
    llvm::function_ref<void(llvm::StringRef phase, mlir::ModuleOp module)>;

/// Compiles `source`; code 5 where a phase fails.
llvm::Expected<SmallProgram> compileSmallProgram(const SmallSource &source,
                                                 PhaseObserver observe = {});

/// The same for loops: functions @decode and @prefill of the type of a forward
/// pass, as phase `loops` leaves them. \returns the object
llvm::Expected<std::string> compileLoops(llvm::StringRef text,
                                         const Target &target);

} // namespace tritc::tuning
