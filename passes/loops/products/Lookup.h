//===- Lookup.h - Products of one token by table lookup -------------------===//
#pragma once

#include "passes/loops/products/Ternary.h"

#include <memory>

namespace tritc::loops {

/// Emits the sums of a tile from one packing; holds what is the same for all
/// tiles. Each packing that is looked up has one, in a file of its own.
class LookupKernel {
public:
  /// \param weights [tiles, tileBytes] i8
  LookupKernel(LoopEmitter &emitter, lut::MatvecOp op, mlir::Value weights)
      : emitter(emitter), builder(emitter.builder), op(op), weights(weights),
        tables(emitter.rowsOf(op.getTables())),
        vectors(op.getPacking().getRows() / lut::vectorRows) {}
  virtual ~LookupKernel() = default;

  /// All sums of a tile: i32, 16 consecutive rows each.
  virtual llvm::SmallVector<mlir::Value> emitTile(mlir::Value tile) = 0;

protected:
  /// Fetches ahead of the `count` bytes from `byte` of the tile on. Into L2: in
  /// L1 the tables need the room, fetching there took 1.4 times as long.
  void prefetch(mlir::Value tile, mlir::Value byte, int64_t count) {
    emitter.prefetch(weights, tile, byte, count, op.getPrefetchBytes(),
                     CacheLevel::L2);
  }

  LoopEmitter &emitter;
  mlir::ImplicitLocOpBuilder &builder;
  lut::MatvecOp op;
  mlir::Value weights;
  Rows tables;
  const int64_t vectors; ///< vectors of 32 rows in a tile
};

std::unique_ptr<LookupKernel>
createNibbleLookup(LoopEmitter &emitter, lut::MatvecOp op, mlir::Value weights);
std::unique_ptr<LookupKernel>
createWordLookup(LoopEmitter &emitter, lut::MatvecOp op, mlir::Value weights);

} // namespace tritc::loops
