//===- KeyPage.h - A few queries against one page of keys -----------------===//
#pragma once

#include "passes/loops/attention/KvCache.h"

namespace tritc::loops {

/// Query heads of one token that read the same key head.
struct Queries {
  mlir::Value token, keyHead;
  mlir::Value firstHead; ///< query head of the first
  int64_t count;         ///< at most KeyPage::rowTile
};

/// The keys of a page that a query sees: from `first` to before `end`, counted
/// from the page's first.
struct SeenKeys {
  mlir::Value page;  ///< of the cache
  mlir::Value next;  ///< the page that is likely to be read after it
  mlir::Value first; ///< null: 0
  mlir::Value end;
};

/// What a page of keys gives each of a few queries, whatever other pages do:
///   m = max(scores), p = exp(score - m), s = sum(p), o = sum(p * value)
class KeyPage {
public:
  /// Query heads that share each load of a key or value: their sums of 16 lanes
  /// are half of AVX2's registers.
  static constexpr int64_t rowTile = 4;

  KeyPage(LoopEmitter &emitter, bitnet::AttentionOp op);

  /// Sets the thread's stack aside; before what follows, in the same function.
  void allocate();

  /// m and s of each query.
  struct Softmax {
    llvm::SmallVector<mlir::Value> largest, sums;
  };
  /// Keeps each p. Keys that are not seen count for nothing, wherever they
  /// stand: each key has its lane in every sum.
  Softmax emitSoftmax(const Queries &queries, const SeenKeys &seen);

  /// sink(query, column, o): of 16 columns.
  using Sink = llvm::function_ref<void(int64_t, int64_t, mlir::Value)>;
  void emitValues(const Queries &queries, const SeenKeys &seen, Sink sink);

  /// Writes the keys and values of all tokens.
  void storeTokens() { cache.store(); }

  /// Columns of a head from `at` on, at most 16.
  int64_t lanesFrom(int64_t at) const { return std::min(lanes, dim - at); }
  /// Column `at` of a query in the buffers of queries and results.
  mlir::Value columnOf(const Queries &queries, int64_t row, int64_t at);

private:
  void emitScores(const Queries &queries, const SeenKeys &seen);
  void hide(const Queries &queries, mlir::Value from, mlir::Value to);
  void hideOthers(const Queries &queries, const SeenKeys &seen);
  void weighSteps(const Queries &queries, const SeenKeys &seen);
  /// Multiples of 16: the last not after, the first not before `key`.
  mlir::Value roundDown(mlir::Value key);
  mlir::Value roundUp(mlir::Value key);
  mlir::Value firstOf(const SeenKeys &seen);

  LoopEmitter &emitter;
  mlir::ImplicitLocOpBuilder &builder;
  KvCache cache;
  const Rows source; ///< of the queries
  const int64_t dim;
  const float scale;
  const mlir::VectorType floats;
  mlir::Value scores; ///< [rowTile, keyPage] f32
};

} // namespace tritc::loops
