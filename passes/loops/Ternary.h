//===- Ternary.h - What the lowerings of ternary products share -----------===//
#pragma once

#include "passes/loops/LoopEmitter.h"

namespace tritc::loops {

/// The scales of a packed weight, and the epilogue that uses them.
class Epilogue {
public:
  /// Emits what does not depend on the row, at the insertion point.
  Epilogue(LoopEmitter &emitter, bitnet::ParameterOp weight);

  /// f32(sums) * (scale(row) * step). `sums` is an i32 scalar, or a vector of
  /// consecutive rows that starts at `row` and shares one scale.
  mlir::Value apply(mlir::Value sums, mlir::Value row, mlir::Value step);

private:
  LoopEmitter &emitter;
  llvm::SmallVector<int64_t> sourceRows;
  mlir::Value scales; ///< [sources] f32
};

/// The bytes of one block of one vector of rows, unpacked step by step.
/// `weights` is [tiles, tileBytes]; `offset` the first byte in the tile.
class SignedNibbles {
public:
  SignedNibbles(LoopEmitter &emitter, mlir::Value weights, mlir::Value tile,
                mlir::Value offset);

  /// Bytes whose top bit is the sign of `group` (0..7), one per row; never 0.
  mlir::Value signsOf(int64_t group);
  /// |t| of `group`, in 0..13, one byte per row.
  mlir::Value magnitudesOf(int64_t group);

private:
  mlir::Value loadBytes(int64_t at);

  LoopEmitter &emitter;
  mlir::Value weights, tile, offset;
  mlir::Value signs;
  mlir::Value oddSigns; ///< with bit 0 set, which no group but 0 asks for
  mlir::Value nibbles;  ///< bytes of the pair loaded last
  int64_t loadedPair = -1;
};

/// Digits (a, b, c) of the pattern t in 0..13: t + 13 = 9(a+1) + 3(b+1) + c+1.
llvm::SmallVector<int8_t, 3> digitsOf(int64_t pattern);

/// Sixteen bytes, entry t being digit `digit` of pattern t; 0 beyond 13.
mlir::Value digitTable(LoopEmitter &emitter, int64_t digit);

} // namespace tritc::loops
