//===- Avx512.cpp - What targets with AVX-512 share -----------------------===//
#include "targets/Avx512.h"

using namespace mlir;

namespace tritc::targets::avx512 {

Value lowerLookup(OpBuilder &builder, lut::LookupOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(32, builder.getI16Type()) || op.getSigns() ||
      op.getTable().getType() != type)
    return {};
  Value indices = op.getIndices();
  if (auto masked = indices.getDefiningOp<arith::AndIOp>())
    if (auto mask = masked.getRhs().getDefiningOp<arith::ConstantOp>();
        mask && mask.getValue() ==
                    DenseElementsAttr::get(type, builder.getI16IntegerAttr(31)))
      indices = masked.getLhs();
  return intrinsic(builder, op.getLoc(), "llvm.x86.avx512.permvar.hi.512", type,
                   {op.getTable(), indices});
}

Value lowerDot(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(16, builder.getI32Type()) ||
      op.getTokens() != 1 || op.getKind() == lut::Codes::Signed ||
      op.getColumns() != 4)
    return {};
  Value all = repeat(builder, op.getLoc(), op.getActivations(),
                     op.getCodes().getType());
  return intrinsic(builder, op.getLoc(), "llvm.x86.avx512.vpdpbusd.512", type,
                   {op.getAccumulator(), op.getCodes(), all});
}

} // namespace tritc::targets::avx512
