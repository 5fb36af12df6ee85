//===- Unpack.h - From packed weights to codes for dot products -----------===//
#pragma once

#include "passes/loops/Ternary.h"

#include <array>
#include <memory>

namespace tritc::loops {

/// Takes two columns of 32 rows: words in packed lanes, the codes (0..2) of
/// columns 2 * pair and 2 * pair + 1 in the low and in the high byte.
using StorePair = llvm::function_ref<void(int64_t pair, mlir::Value words)>;

/// Unpacks one packing that is looked up, block by block.
class Unpacker {
public:
  /// \param weights [tiles, tileBytes] i8
  static std::unique_ptr<Unpacker>
  create(LoopEmitter &emitter, lut::PackingAttr packing, mlir::Value weights);
  virtual ~Unpacker() = default;

  const int64_t blockColumns;

  /// All pairs of columns of `block` in their order, for 32 rows of the tile
  /// from row 32 * vector on.
  virtual void unpack(mlir::Value tile, mlir::Value block, int64_t vector,
                      StorePair store) = 0;

  /// 32 sums in packed lanes as twice 16 consecutive rows.
  virtual std::array<mlir::Value, 2> inRowOrder(mlir::Value sums) = 0;

protected:
  Unpacker(LoopEmitter &emitter, lut::PackingAttr packing, mlir::Value weights,
           int64_t blockColumns);

  LoopEmitter &emitter;
  mlir::ImplicitLocOpBuilder &builder;
  mlir::Value weights;
  const int64_t vectors; ///< vectors of 32 rows in a tile
};

} // namespace tritc::loops
