//===- WeightPieces.h - The weights in pieces of about a megabyte ---------===//
//
// A piece is a contiguous range of bytes of the weight section that one thread
// produces on its own.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/codegen/WeightPlan.h"
#include "compiler/codegen/WeightSource.h"

namespace tritc::codegen {

struct WeightPiece {
  const WeightEntry *entry;
  int64_t layer;
  /// Range in the entry's own units: tiles of a matrix, elements of a float
  /// tensor, rows of a RoPE table. first == -1: the scales of a ternary matrix.
  int64_t first;
  int64_t count;
  uint64_t offset; ///< from the start of the weight section
  uint64_t bytes;
};

/// All pieces, by entry, layer and position.
std::vector<WeightPiece> cutIntoPieces(const WeightPlan &plan);

/// Makes the bytes of pieces, one after the other, in buffers it keeps: some
/// megabytes. One per thread.
class PieceWriter {
public:
  explicit PieceWriter(const WeightSource &source) : source(source) {}

  /// The bytes of `piece`, valid until the next call.
  llvm::Expected<llvm::ArrayRef<uint8_t>> produce(const WeightPiece &piece);

private:
  llvm::Error fill(const WeightPiece &piece);
  llvm::Error packTiles(const WeightPiece &piece);
  llvm::Error storeScales(const WeightPiece &piece);
  llvm::Error roundTiles(const WeightPiece &piece);
  llvm::Error packBlocks(const WeightPiece &piece);
  llvm::Error copyFloats(const WeightPiece &piece);
  void computeRope(const WeightPiece &piece);

  const WeightSource &source;
  std::vector<uint8_t> bytes;
  std::vector<int8_t> weights;
  std::vector<int8_t> scales;
  std::vector<uint16_t> steps;
  std::vector<float> values;
};

} // namespace tritc::codegen
