//===- RowBuffers.h - Where activations lie -------------------------------===//
//
// A row per token. Rows are longer than what they hold, and there are as many
// as a call has at most, so that kernels read and write whole vectors, blocks
// and tiles. What operations see is the part with a meaning:
//
//   %all = memref.alloc() : memref<96x640xf32>
//   %x = memref.subview %all[0, 0] [%tokens, 70] [1, 1] ...
//   %y = memref.cast %x ... to memref<?x70xf32, strided<[?, 1], offset: ?>>
//
//===----------------------------------------------------------------------===//
#pragma once

#include "passes/loops/Passes.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

namespace tritc::loops {

/// Activations are padded to whole multiples of these, in elements.
inline constexpr int64_t floatRowMultiple = 640;
inline constexpr int64_t byteRowMultiple = 48;

/// Columns [column, column + width) of a row-major buffer, one row per token.
struct Rows {
  mlir::Value memref;
  int64_t column = 0;
  int64_t width = 0;
};

/// The buffer of a tensor of activations: one element after the other, rows
/// anywhere.
mlir::MemRefType rowsType(mlir::ShapedType type);

/// Tokens that a buffer of such a shape has room for.
int64_t maxTokensOf(mlir::ShapedType type, lut::TargetAttr target);

/// A fresh buffer, allocated at the function's entry, for at most `maxTokens`
/// tokens. One-dimensional types get one element per token.
Rows allocateRows(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::FunctionOpInterface function, mlir::ShapedType type,
                  int64_t maxTokens, lut::TargetAttr target);

/// The part of `rows` with a meaning. \param tokens how many, an index
mlir::Value viewOf(mlir::OpBuilder &builder, mlir::Location loc,
                   const Rows &rows, mlir::MemRefType type,
                   mlir::OpFoldResult tokens);

/// What has become of a value, while operations are converted.
using Converted = llvm::function_ref<mlir::Value(mlir::Value)>;

/// The reverse of viewOf; the buffer itself where it is no such view.
Rows rowsBehind(mlir::Value buffer, Converted converted);

/// Number of tokens of a buffer: a constant, the size of a view, or a
/// memref.dim.
mlir::OpFoldResult tokensOf(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value buffer, Converted converted);

} // namespace tritc::loops
