//===- KvCache.h - Keys and values of the tokens so far -------------------===//
#pragma once

#include "passes/loops/LoopEmitter.h"

namespace tritc::loops {

/// The keys or values of a page of the cache, of one head of a layer.
struct KeyRows {
  enum Plane : int64_t { Keys, Values };
  mlir::Value page, head;
  Plane plane;
};

/// The part of the cache that one attention writes and reads: floats of 16
/// bits, or bytes with the step they are multiples of behind them. See
/// kvCacheBuffer for the order.
class KvCache {
public:
  KvCache(LoopEmitter &emitter, bitnet::AttentionOp op);

  /// Emits what writes the keys and values of all tokens.
  void store();

  /// Whether the elements are multiples of a step per row.
  bool isRounded() const { return element.isInteger(8); }
  /// f32 in 16 lanes: elements [at, at + count) of row `key`; of a rounded one
  /// as integers.
  mlir::Value load(const KeyRows &rows, mlir::Value key, int64_t at,
                   int64_t count);
  /// What the integers of a rounded row are multiples of.
  mlir::Value loadStep(const KeyRows &rows, mlir::Value key);

  /// Asks for the line of an element, which may lie beyond what has been
  /// written.
  void prefetch(const KeyRows &rows, mlir::Value key, mlir::Value at);

private:
  void storeHead(const Rows &source, mlir::Value token, mlir::Value column,
                 llvm::ArrayRef<mlir::Value> place);
  llvm::SmallVector<mlir::Value> indicesOf(const KeyRows &rows, mlir::Value key,
                                           mlir::Value at);

  LoopEmitter &emitter;
  mlir::ImplicitLocOpBuilder &builder;
  bitnet::AttentionOp op;
  const mlir::Value buffer;
  const mlir::Type element;
  const mlir::Value layer;
};

} // namespace tritc::loops
