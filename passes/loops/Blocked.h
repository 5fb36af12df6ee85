//===- Blocked.h - Rows of a table in blocks, as floats -------------------===//
#pragma once

#include "passes/loops/LoopEmitter.h"

namespace tritc::loops {

/// Reads the tiles of a blocked matrix (BlockedRows.h).
class BlockedTable {
public:
  BlockedTable(LoopEmitter &emitter, bitnet::ParameterOp op);

  const lut::BlockedShape shape;
  const int64_t rows, blocks;
  mlir::Value tiles; ///< [tiles, tileBytes] i8

  /// A block's first byte in a tile; those of the words of a row.
  mlir::Value blockOffset(mlir::Value block);
  /// The words of a row of a block: vectors of 16 i32.
  llvm::SmallVector<mlir::Value> words(mlir::Value tile, mlir::Value block,
                                       mlir::Value row);
  /// What makes weights of the fields of each group in a row of a block.
  struct Factors {
    mlir::Value slopes; ///< the step, times the scale, over the power of two
                        ///< at which the field stands
    mlir::Value starts; ///< what a field of 0 means
  };
  /// Two vectors of f32, one element per group, exact.
  Factors factors(mlir::Value tile, mlir::Value block, mlir::Value row);
  /// The 16 weights of a group, exact, where `own` are its f32s.
  mlir::Value weights(mlir::ValueRange words, int64_t group,
                      const Factors &own);

private:
  mlir::Value load(mlir::Value tile, mlir::Value offset, int64_t bytes,
                   mlir::Type element);
  mlir::Value field(mlir::ValueRange words, int64_t group);
  int64_t shiftOf(int64_t group) const;

  LoopEmitter &emitter;
  mlir::ImplicitLocOpBuilder &builder;
};

} // namespace tritc::loops
