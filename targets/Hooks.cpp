//===- Hooks.cpp - What hooks of several targets build -------------------===//
#include "targets/Hooks.h"

using namespace mlir;

namespace tritc::targets {

Value intrinsic(OpBuilder &builder, Location loc, StringRef name, Type type,
                ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, type,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

Value repeat(OpBuilder &builder, Location loc, Value bytes, VectorType type) {
  int64_t count = cast<VectorType>(bytes.getType()).getNumElements();
  auto element = builder.getIntegerType(unsigned(8 * count));
  int64_t times = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  Value one = vector::BitCastOp::create(builder, loc,
                                        VectorType::get(1, element), bytes);
  one = vector::ExtractOp::create(builder, loc, one, int64_t(0));
  Value all = vector::BroadcastOp::create(
      builder, loc, VectorType::get(times / count, element), one);
  return vector::BitCastOp::create(builder, loc, type, all);
}

Place placeOf(OpBuilder &builder, Location loc, Value buffer, Value row,
              Value column) {
  auto type = cast<MemRefType>(buffer.getType());
  const int64_t elementBytes = type.getElementTypeBitWidth() / 8;
  const int64_t rowBytes = type.getDimSize(1) * elementBytes;
  auto times = [&](Value index, int64_t bytes) -> Value {
    Value factor = arith::ConstantIndexOp::create(builder, loc, bytes);
    return arith::MulIOp::create(builder, loc, index, factor);
  };
  Value at =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, buffer);
  at = arith::AddIOp::create(builder, loc, at, times(row, rowBytes));
  at = arith::AddIOp::create(builder, loc, at, times(column, elementBytes));
  at = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), at);
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  return {LLVM::IntToPtrOp::create(builder, loc, pointer, at),
          arith::ConstantOp::create(builder, loc,
                                    builder.getI64IntegerAttr(rowBytes))};
}

} // namespace tritc::targets
