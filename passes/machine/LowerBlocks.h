//===- LowerBlocks.h - Registers of two dimensions ------------------------===//
#pragma once

#include "passes/machine/Passes.h"

#include "targets/Target.h"

namespace tritc::machine {

/// Replaces every !lut.block, and what is done with them, by the target's
/// registers; by vectors and loops of lut.dot where `hooks` is null or lacks a
/// register for one of them. Fails where an operation that is neither one of
/// blocks nor a structure of SCF has to do with them.
mlir::LogicalResult lowerBlocks(mlir::ModuleOp module, const BlockHooks *hooks);

} // namespace tritc::machine
