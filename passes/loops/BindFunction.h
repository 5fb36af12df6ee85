//===- BindFunction.h - The buffers that a function works on --------------===//
#pragma once

#include "passes/loops/Passes.h"

namespace tritc::loops {

/// Gives a function on tensors the buffers of its caller as arguments, and says
/// which of them, or of the tensors that are read for the last time, are to be
/// written. What it computes are still tensors.
void bindFunction(mlir::func::FuncOp function, int64_t imageBytes,
                  lut::TargetAttr target);

} // namespace tritc::loops
