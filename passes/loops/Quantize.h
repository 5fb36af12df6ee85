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

/// m = max(max|x|, 1e-5); q = clamp(rne(x * (L / m)), lowest, L). Writes q to
/// the token's row of `bytes`, in its element type, and returns m / L.
mlir::Value quantizeRow(LoopEmitter &emitter, const Rows &input,
                        mlir::Value token, const Rows &bytes,
                        const Rounding &rounding);

} // namespace tritc::loops
