//===- Dots.h - Products by dot products ----------------------------------===//
#pragma once

#include "passes/loops/products/Ternary.h"

#include <memory>

namespace tritc::loops {

/// What products by dot products share, whatever the codes come from. Most
/// codes are weights plus one, so the sum of a token's activations is taken
/// off.
class DotKernel {
public:
  DotKernel(LoopEmitter &emitter, lut::MatmulOp op);
  virtual ~DotKernel() = default;

  /// Emits the product: every tile of rows, shared out among threads.
  void run();

  /// Emits results of all tokens for a tile of rows.
  virtual void emitTile(mlir::Value tile, Epilogue &epilogue,
                        const Rows &result) = 0;

  /// Takes over what another kernel of the operation emitted before all tiles.
  void follow(const DotKernel &other) { starts = other.starts; }

protected:
  /// Minus the sum of the token's activations, i32.
  mlir::Value startOf(mlir::Value token);

  /// LoopEmitter::forTiles for all tokens.
  void forTokenTiles(int64_t tile, LoopEmitter::TileBody body);

  /// Registers of sums that the target has room for.
  int64_t sumRegisters() {
    return dot.getRowTile() / dot.getRows() * dot.getTokenTile() /
           dot.getTokens();
  }

  /// Tokens whose sums fit with so many registers of rows.
  int64_t tokenTile(int64_t registers) {
    return std::max<int64_t>(sumRegisters() / registers, 1) * dot.getTokens();
  }

  /// One vector of dot.tokens * dot.rows sums per register of rows and group
  /// of tokens, all 0: those of the first group of tokens come first.
  llvm::SmallVector<mlir::Value> zeroSums(int64_t registers, int64_t tokens);

  /// Columns [column, column + width) of `count` tokens.
  llvm::SmallVector<mlir::Value> loadActivations(mlir::Value token,
                                                 int64_t count,
                                                 mlir::Value column,
                                                 int64_t width);

  /// Adds to `sums` the products of one register of codes each and the
  /// dot.columns activations from `first` on of what loadActivations gave.
  /// \param kind of codes that are not known to be less than 128
  void addProducts(llvm::MutableArrayRef<mlir::Value> sums,
                   llvm::ArrayRef<mlir::Value> codes,
                   llvm::ArrayRef<mlir::Value> activations, int64_t first,
                   lut::Codes kind = lut::Codes::Small);

  /// The sums of one token, a vector of dot.rows for each of `registers`
  /// registers of rows.
  llvm::SmallVector<mlir::Value> sumsOf(llvm::ArrayRef<mlir::Value> sums,
                                        int64_t registers, int64_t token);

  LoopEmitter &emitter;
  mlir::ImplicitLocOpBuilder &builder;
  lut::MatmulOp op;
  bitnet::ParameterOp weight;
  lut::DotShapeAttr dot;
  Rows input;
  const int64_t tileRows;
  const bool oneToken;
  mlir::Value weights; ///< [tiles, tileBytes] i8

private:
  /// Emits what startOf() gives.
  void emitRowSums();
  mlir::Value negatedSum(mlir::Value token);
  mlir::Value starts; ///< [tokens] i32, or i32 if there is but one
};

/// Of bytes as they are in packings for dot products.
std::unique_ptr<DotKernel> createPackedKernel(LoopEmitter &emitter,
                                              lut::MatmulOp op);
/// Of unpacked codes by lut.dot, a few tokens at a time.
std::unique_ptr<DotKernel> createVectorKernel(LoopEmitter &emitter,
                                              lut::MatmulOp op);
/// Of unpacked codes by lut.dot_registers.
std::unique_ptr<DotKernel> createRegisterKernel(LoopEmitter &emitter,
                                                lut::MatmulOp op);

} // namespace tritc::loops
