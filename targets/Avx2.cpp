//===- Avx2.cpp - What targets with vectors of 256 bits share -------------===//
#include "targets/Avx2.h"

using namespace mlir;

namespace tritc::targets::avx2 {

Value lowerLookup(OpBuilder &builder, lut::LookupOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(32, builder.getI8Type()) || !op.getSigns() ||
      op.getComplement() || op.getTable().getType().getShape()[0] != 16)
    return {};
  Location loc = op.getLoc();
  SmallVector<int64_t> twice;
  for (int64_t i = 0; i < 32; ++i)
    twice.push_back(i % 16);
  Value table = vector::ShuffleOp::create(builder, loc, op.getTable(),
                                          op.getTable(), twice);
  Value looked = intrinsic(builder, loc, "llvm.x86.avx2.pshuf.b", type,
                           {table, op.getIndices()});
  return intrinsic(builder, loc, "llvm.x86.avx2.psign.b", type,
                   {looked, op.getSigns()});
}

} // namespace tritc::targets::avx2
