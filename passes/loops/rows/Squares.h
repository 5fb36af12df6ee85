//===- Squares.h - The size of a row --------------------------------------===//
#pragma once

#include "passes/loops/LoopEmitter.h"

namespace tritc::loops {

/// Sum of x^2 over `width` columns from `start` on: 16 lanes and a tree.
mlir::Value sumOfSquares(LoopEmitter &emitter, const Rows &input,
                         mlir::Value token, mlir::Value start, int64_t width);

} // namespace tritc::loops
