//===- Workload.h - Small programs worth timing ---------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace tritc::tuning {

/// A small program, and what a call of it reads and computes.
struct Workload {
  std::string text;  ///< for compileSmallProgram
  int64_t positions; ///< tokens of the KV cache before the call
  bool hasLogits;    ///< whether a call wants them
};

/// `layers` products of one ternary matrix each, all of the same size; their
/// inputs are quantized, and their sums scaled and added up, as in a model.
Workload ternaryProducts(int64_t rows, int64_t columns, int64_t layers);

/// A head; its table's type, {0} for the rows and {1} for the columns:
/// "!bitnet.scaled<{0}x{1}xi8>".
Workload head(int64_t rows, int64_t columns, llvm::StringRef tableType);

/// Heads of an attention, and the cache they read.
struct AttentionShape {
  int64_t heads, kvHeads, headDim, layers;
  int64_t positions; ///< tokens before the call
  int64_t tokens;    ///< most of a call
  bool bytes;        ///< cache of i8, not of f16

  /// Of one key or value in the cache; of one token in all layers.
  int64_t headBytes() const;
  int64_t tokenBytes() const { return 2 * layers * kvHeads * headBytes(); }
};
Workload attention(const AttentionShape &shape);

} // namespace tritc::tuning
