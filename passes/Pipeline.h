//===- Pipeline.h - The four phases ---------------------------------------===//
//
// One table from which come the driver's pipeline, --stop-after=<phase>,
// --tritc-phase-<phase> in tritc-opt, and the list in the README.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace mlir {
class DialectRegistry;
class OpPassManager;
} // namespace mlir

namespace tritc {

/// What code is made for.
struct Goal {
  std::string target = "portable"; ///< see targets/Registry.h
  std::string machine; ///< see targets/Machines.def; empty: the target's
  unsigned cores = 0;  ///< of the machine; 0: all
};

/// A named stretch of the way from `bitnet` to the LLVM dialect.
struct Phase {
  llvm::StringLiteral name;
  llvm::StringLiteral summary;
  /// Appends the phase's passes to a pipeline on modules. A pass that needs
  /// the target or the machine looks it up by name and reports an unknown one.
  void (*build)(mlir::OpPassManager &, const Goal &goal);
};

/// All phases, in the order in which they run.
llvm::ArrayRef<Phase> phases();

/// Registers every dialect and external model the phases use.
void registerDialects(mlir::DialectRegistry &registry);

/// Registers every pass, and one pipeline `tritc-phase-<name>` per phase with
/// the options `target=<name>`, `machine=<name>` and `cores=<n>`, for tools
/// that take passes by flag.
void registerPasses();

} // namespace tritc
