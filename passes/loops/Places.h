//===- Places.h - Where tokens stand --------------------------------------===//
#pragma once

#include "passes/loops/LoopEmitter.h"

namespace tritc::loops {

/// The places of the tokens of a pass: a row per token, of its position and the
/// pages of the cache that hold its sequence.
class Places {
public:
  /// \param places an operand: memref<tokens x (1 + pages) x i32>
  Places(LoopEmitter &emitter, mlir::Value places)
      : emitter(emitter), rows(emitter.rowsOf(places)) {}

  /// Pages that a sequence can have.
  int64_t pageCount() const { return rows.width - 1; }
  /// An index: where `token` stands in its sequence.
  mlir::Value position(mlir::Value token) {
    return number(token, emitter.index(0));
  }
  /// An index: the page of the cache with the positions from
  /// `page` * keyPage on. \pre page < pageCount()
  mlir::Value page(mlir::Value token, mlir::Value page) {
    return number(token, emitter.add(page, 1));
  }

private:
  mlir::Value number(mlir::Value token, mlir::Value column) {
    mlir::ImplicitLocOpBuilder &builder = emitter.builder;
    mlir::Value place[] = {token, emitter.add(column, rows.column)};
    return mlir::arith::IndexCastOp::create(
        builder, builder.getIndexType(),
        mlir::memref::LoadOp::create(builder, rows.memref, place));
  }

  LoopEmitter &emitter;
  const Rows rows;
};

} // namespace tritc::loops
