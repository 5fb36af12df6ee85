//===- Unpack.h - From packed weights to codes for dot products -----------===//
#pragma once

#include "passes/loops/products/Ternary.h"

#include <memory>

namespace tritc::loops {

/// Takes codes (0..2), a few columns of a row side by side, of some rows in
/// packed lanes.
/// \param group the columns' number within the block
/// \param row   of the tile, the first
using StoreCodes =
    llvm::function_ref<void(int64_t group, int64_t row, mlir::Value bytes)>;

/// Unpacks one packing, block by block.
class Unpacker {
public:
  /// \param weights     [tiles, tileBytes] i8
  /// \param sideColumns columns of a row that codes keep side by side; those
  ///                    that packings for dot products keep are what they are
  static std::unique_ptr<Unpacker> create(LoopEmitter &emitter,
                                          lut::PackingAttr packing,
                                          mlir::Value weights,
                                          int64_t sideColumns);
  virtual ~Unpacker() = default;

  const int64_t blockColumns;
  const int64_t orderedRows; ///< that inRowOrder takes; they divide a tile

  /// All columns of `block` and rows of `tile`.
  virtual void unpack(mlir::Value tile, mlir::Value block,
                      StoreCodes store) = 0;

  /// Sums of orderedRows rows in packed lanes, as consecutive rows: up to 16 in
  /// each vector.
  virtual llvm::SmallVector<mlir::Value> inRowOrder(mlir::Value sums) {
    return {sums};
  }

protected:
  Unpacker(LoopEmitter &emitter, lut::PackingAttr packing, mlir::Value weights,
           int64_t blockColumns, int64_t orderedRows);

  LoopEmitter &emitter;
  mlir::ImplicitLocOpBuilder &builder;
  mlir::Value weights;
  const int64_t tileRows;
};

} // namespace tritc::loops
