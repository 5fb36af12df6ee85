//===- DotUnpacked.h - Products of unpacked codes -------------------------===//
#pragma once

#include "passes/loops/products/Dots.h"
#include "passes/loops/products/Unpack.h"

namespace tritc::loops {

/// What kernels share that unpack weights: for each tile of rows and a chunk of
/// columns, codes 0..2 go into the thread's cache once; then all tokens
/// multiply them. How codes and sums lie there, and by what they are
/// multiplied, is the kernel's.
class UnpackedKernel : public DotKernel {
public:
  void emitTile(mlir::Value tile, Epilogue &epilogue, const Rows &result) final;

protected:
  /// How a kernel likes its codes and sums.
  struct Shape {
    int64_t sideColumns;  ///< columns of a row next to each other in codes
    int64_t chunkColumns; ///< about so many at once
    int64_t sumRows;      ///< rows of a token whose sums are next to each other
  };
  UnpackedKernel(LoopEmitter &emitter, lut::MatmulOp op, Shape shape);

  /// Sets `codes` and `sums`.
  virtual void allocate() = 0;
  /// Keeps codes of sideColumns columns of some rows, from `row` of the tile
  /// on.
  /// \param group the columns' number within the chunk, in sideColumns
  virtual void storeCodes(mlir::Value group, int64_t row,
                          mlir::Value bytes) = 0;
  /// Where in `sums` those of `row` of the tile begin.
  virtual llvm::SmallVector<mlir::Value> placeOf(mlir::Value token,
                                                 int64_t row) = 0;
  /// Adds the products of all tokens and the columns that are unpacked.
  virtual void multiply(mlir::Value firstColumn, int64_t columns) = 0;

  /// A buffer of the thread.
  mlir::Value allocateOnStack(llvm::ArrayRef<int64_t> shape,
                              mlir::Type element);

  const Shape shape;
  std::unique_ptr<Unpacker> unpacker;
  int64_t chunkBlocks; ///< in a chunk, whole dot products of columns
  mlir::Value codes;   ///< u8
  mlir::Value sums;    ///< i32, lanes as packed

private:
  void clearSums();
  void emitChunk(mlir::Value tile, mlir::Value firstBlock, int64_t count);
  mlir::Value loadSums(mlir::Value token, int64_t row, int64_t count);
  void storeResults(mlir::Value tile, Epilogue &epilogue, const Rows &result);
};

} // namespace tritc::loops
