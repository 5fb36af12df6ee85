//===- RowBuffers.cpp - Where activations lie -----------------------------===//
#include "passes/loops/RowBuffers.h"

#include <numeric>

using namespace mlir;

namespace tritc::loops {

MemRefType rowsType(ShapedType type) {
  SmallVector<int64_t> strides(type.getRank(), ShapedType::kDynamic);
  strides.back() = 1;
  return MemRefType::get(
      type.getShape(), type.getElementType(),
      StridedLayoutAttr::get(type.getContext(), ShapedType::kDynamic, strides));
}

int64_t maxTokensOf(ShapedType type, lut::TargetAttr target) {
  return type.isDynamicDim(0) ? target.getPrefillTokens() : type.getDimSize(0);
}

Rows allocateRows(OpBuilder &builder, Location loc,
                  FunctionOpInterface function, ShapedType type,
                  int64_t maxTokens, lut::TargetAttr target) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&function.getFunctionBody().front());
  Type element = type.getElementType();
  SmallVector<int64_t> shape = {maxTokens};
  int64_t width = 1;
  if (type.getRank() == 2) {
    width = type.getDimSize(1);
    int64_t multiple = element.isF32() ? floatRowMultiple : byteRowMultiple;
    // Blocks are read whole.
    if (lut::DotShapeAttr blocks = target.getBlocks();
        blocks && maxTokens > 1 && element.isInteger(8)) {
      shape[0] = llvm::alignTo(maxTokens, blocks.getTokens());
      multiple = std::lcm(multiple, blocks.getColumns());
    }
    shape.push_back(llvm::alignTo(width, multiple));
  }
  Value memref =
      memref::AllocOp::create(builder, loc, MemRefType::get(shape, element));
  return {memref, 0, width};
}

Value viewOf(OpBuilder &builder, Location loc, const Rows &rows,
             MemRefType type, OpFoldResult tokens) {
  OpFoldResult one = builder.getIndexAttr(1);
  SmallVector<OpFoldResult> offsets = {builder.getIndexAttr(0)},
                            sizes = {tokens}, strides = {one};
  if (type.getRank() == 2) {
    offsets.push_back(builder.getIndexAttr(rows.column));
    sizes.push_back(builder.getIndexAttr(rows.width));
    strides.push_back(one);
  }
  Value view = memref::SubViewOp::create(builder, loc, rows.memref, offsets,
                                         sizes, strides);
  if (view.getType() == type)
    return view;
  return memref::CastOp::create(builder, loc, type, view);
}

/// Whether a view is of the first rows, and of neighbouring columns.
static bool isOfRows(memref::SubViewOp view) {
  ArrayRef<int64_t> offsets = view.getStaticOffsets();
  return view.getSourceType().getRank() == view.getType().getRank() &&
         offsets.front() == 0 && !ShapedType::isDynamicShape(offsets) &&
         llvm::all_of(view.getStaticStrides(),
                      [](int64_t stride) { return stride == 1; });
}

Rows rowsBehind(Value buffer, Converted converted) {
  buffer = converted(buffer);
  auto type = cast<MemRefType>(buffer.getType());
  Rows rows = {buffer, 0, type.getRank() == 2 ? type.getDimSize(1) : 1};
  Value source;
  if (auto cast = buffer.getDefiningOp<memref::CastOp>()) {
    if (isa<MemRefType>(cast.getSource().getType()))
      source = cast.getSource();
  } else if (auto view = buffer.getDefiningOp<memref::SubViewOp>();
             view && isOfRows(view)) {
    source = view.getSource();
    if (type.getRank() == 2)
      rows.column = view.getStaticOffsets()[1];
  }
  if (!source)
    return rows;
  Rows behind = rowsBehind(source, converted);
  return {behind.memref, behind.column + rows.column, rows.width};
}

OpFoldResult tokensOf(OpBuilder &builder, Location loc, Value buffer,
                      Converted converted) {
  buffer = converted(buffer);
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.isDynamicDim(0))
    return builder.getIndexAttr(type.getDimSize(0));
  if (auto cast = buffer.getDefiningOp<memref::CastOp>();
      cast && isa<MemRefType>(cast.getSource().getType()))
    return tokensOf(builder, loc, cast.getSource(), converted);
  // The size of a view may itself be asked of what it is a view of.
  if (auto view = buffer.getDefiningOp<memref::SubViewOp>();
      view && view.getSourceType().getRank() == type.getRank()) {
    OpFoldResult size = view.getMixedSizes().front();
    auto value = dyn_cast<Value>(size);
    auto dim = value ? value.getDefiningOp<memref::DimOp>() : memref::DimOp();
    if (dim && dim.getConstantIndex() == 0)
      return tokensOf(builder, loc, dim.getSource(), converted);
    return size;
  }
  return memref::DimOp::create(builder, loc, buffer, 0).getResult();
}

} // namespace tritc::loops
