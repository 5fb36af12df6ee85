//===- Quantize.h - A token's row as integers -----------------------------===//
#pragma once

#include "passes/loops/LoopEmitter.h"

namespace tritc::loops {

/// The integers that a row is rounded to.
struct Rounding {
  int64_t limit;       ///< L, what the largest |x| becomes
  int64_t lowest;      ///< integers below it become it
  int64_t paddedWidth; ///< columns from the width up to here become 0
};

/// The numbers to be rounded, and where the integers go: 32 bits wide, lanes
/// from `count` on without a meaning.
using LoadLanes =
    llvm::function_ref<mlir::Value(mlir::Value at, int64_t count)>;
using StoreLanes =
    llvm::function_ref<void(mlir::Value q, mlir::Value at, int64_t count)>;

/// m = max(max|x|, 1e-5); q = clamp(rne(x * (L / m)), lowest, L) for `width`
/// numbers x. Returns m / L.
mlir::Value quantize(LoopEmitter &emitter, int64_t width,
                     const Rounding &rounding, LoadLanes load,
                     StoreLanes store);

/// m = max(max|x|, 1e-5); q = clamp(rne(x * (L / m)), lowest, L). Writes q to
/// the token's row of `bytes`, in its element type, and returns m / L.
mlir::Value quantizeRow(LoopEmitter &emitter, const Rows &input,
                        mlir::Value token, const Rows &bytes,
                        const Rounding &rounding);

} // namespace tritc::loops
