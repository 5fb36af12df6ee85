//===- Hooks.cpp - Hooks and helpers that targets share -------------------===//
#include "targets/Hooks.h"

using namespace mlir;

namespace tritc::targets {

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

Value intrinsic(OpBuilder &builder, Location loc, StringRef name, Type type,
                ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, type,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

Value splatBytes(OpBuilder &builder, Location loc, VectorType type,
                 int64_t value) {
  return arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(type, APInt(8, value)));
}

Value pick(OpBuilder &builder, Location loc, Value vector, int64_t first,
           int64_t count, int64_t step) {
  SmallVector<int64_t> mask;
  for (int64_t i = 0; i < count; ++i)
    mask.push_back(first + i * step);
  return vector::ShuffleOp::create(builder, loc, vector, vector, mask);
}

Value join(OpBuilder &builder, Location loc, Value low, Value high) {
  int64_t count = cast<VectorType>(low.getType()).getNumElements();
  auto mask = llvm::to_vector(llvm::seq<int64_t>(0, 2 * count));
  return vector::ShuffleOp::create(builder, loc, low, high, mask);
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

//===----------------------------------------------------------------------===//
// Hooks of more than one target
//===----------------------------------------------------------------------===//

/// TBL looks 16 bytes up, so each half of the vector is one. A complement is a
/// distance from 0 or 255, which UABA adds to a sum in the same instruction. A
/// factor of 1 or -1 negates, which MLA adds:
///
///   %r = lut.lookup %table[%i] signed %s
/// becomes, for i and s each half of the vector,
///   %l = tbl1(%table, %i)
/// and, to complement,
///   %r = uabd(%l, %s)
/// or, to negate,
///   %m = arith.shrsi %s, 7
///   %f = arith.ori %m, 1          // -1 or 1
///   %r = arith.muli %l, %f
Value lookupByTbl(OpBuilder &builder, lut::LookupOp op) {
  constexpr int64_t registerBytes = 16;
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(2 * registerBytes, builder.getI8Type()) ||
      !op.getSigns() || op.getTable().getType().getShape()[0] != registerBytes)
    return {};
  Location loc = op.getLoc();
  auto half = VectorType::get(registerBytes, builder.getI8Type());
  Value halves[2];
  for (auto [i, result] : llvm::enumerate(halves)) {
    int64_t first = int64_t(i) * registerBytes;
    Value indices = pick(builder, loc, op.getIndices(), first, registerBytes);
    Value signs = pick(builder, loc, op.getSigns(), first, registerBytes);
    Value looked = intrinsic(builder, loc, "llvm.aarch64.neon.tbl1.v16i8", half,
                             {op.getTable(), indices});
    if (op.getComplement()) {
      result = intrinsic(builder, loc, "llvm.aarch64.neon.uabd.v16i8", half,
                         {looked, signs});
      continue;
    }
    Value factor = arith::ShRSIOp::create(builder, loc, signs,
                                          splatBytes(builder, loc, half, 7));
    factor = arith::OrIOp::create(builder, loc, factor,
                                  splatBytes(builder, loc, half, 1));
    result = arith::MulIOp::create(builder, loc, looked, factor);
  }
  return join(builder, loc, halves[0], halves[1]);
}

} // namespace tritc::targets
