//===- LowerRegisters.h - Registers of two dimensions ---------------------===//
#pragma once

#include "passes/machine/Passes.h"

#include "targets/Target.h"

namespace tritc::machine {

/// Replaces every !lut.register, and what is done with them, by the target's
/// registers; by vectors and loops of lut.dot where `hooks` is null or lacks a
/// register for one of them. Fails where an operation that is neither one of
/// registers nor a structure of SCF has to do with them.
mlir::LogicalResult lowerRegisters(mlir::ModuleOp module,
                                   const RegisterHooks *hooks);

} // namespace tritc::machine
