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
  /// The same as bytes 0 or -1.
  mlir::Value masksOf(int64_t group);
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

/// The same for index words: bytes of one block of one vector of rows.
class IndexWords {
public:
  IndexWords(LoopEmitter &emitter, mlir::Value weights, mlir::Value tile,
             mlir::Value offset)
      : emitter(emitter), weights(weights), tile(tile), offset(offset) {}

  /// t + 13 of `group` (0..15), in 0..26, one word per row. Groups must be
  /// asked for in their order: the last is gathered on the way.
  mlir::Value indicesOf(int64_t group);

private:
  LoopEmitter &emitter;
  mlir::Value weights, tile, offset;
  mlir::Value word; ///< loaded last
  mlir::Value last; ///< bits of group 15 so far
};

/// Digits (a, b, c) of the pattern t in -13..13:
/// t + 13 = 9(a+1) + 3(b+1) + c+1.
llvm::SmallVector<int8_t, 3> digitsOf(int64_t pattern);

/// A table whose entry i is entry(i), as a constant.
mlir::Value constantTable(LoopEmitter &emitter, mlir::Type element,
                          int64_t entries,
                          llvm::function_ref<int64_t(int64_t)> entry);

/// `vector`'s elements [first, first + count).
mlir::Value slice(LoopEmitter &emitter, mlir::Value vector, int64_t first,
                  int64_t count);

/// All elements of `vectors`, which have one type and a power of two in number,
/// one after the other.
mlir::Value join(LoopEmitter &emitter, llvm::ArrayRef<mlir::Value> vectors);

} // namespace tritc::loops
