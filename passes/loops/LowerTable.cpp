//===- LowerTable.cpp - Build the tables of partial sums ------------------===//
#include "passes/loops/Ternary.h"

using namespace mlir;

namespace tritc::loops {

/// 16 entries of digit_a x0 + digit_b x1 + digit_c x2, in i32.
static Value emitSums(LoopEmitter &emitter, ArrayRef<Value> activations) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType words = emitter.vectorType(builder.getI32Type());
  Value sums;
  for (auto [digit, activation] : llvm::enumerate(activations)) {
    Value wide =
        arith::ExtSIOp::create(builder, builder.getI32Type(), activation);
    Value x = vector::BroadcastOp::create(builder, words, wide);
    Value digits =
        arith::ExtSIOp::create(builder, words, digitTable(emitter, digit));
    Value product = arith::MulIOp::create(builder, x, digits);
    sums = sums ? arith::AddIOp::create(builder, sums, product).getResult()
                : product;
  }
  return sums;
}

/// s = 63 h + l with |l| <= 31: h is s / 63 rounded to nearest, which
/// (520 s + 2^14) >> 15 is for |s| <= 384. Not 64: four times l = 32 would wrap
/// the byte that four lookups are added in.
static void storeSplit(LoopEmitter &emitter, Value sums, Value table,
                       Value token, Value at) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Type words = sums.getType();
  VectorType bytes = emitter.vectorType(builder.getI8Type());
  Value high = arith::MulIOp::create(builder, sums, emitter.splat(words, 520));
  high = arith::AddIOp::create(builder, high, emitter.splat(words, 1 << 14));
  high = arith::ShRSIOp::create(builder, high, emitter.splat(words, 15));
  Value low = arith::SubIOp::create(
      builder, sums,
      arith::MulIOp::create(builder, high, emitter.splat(words, 63)));
  emitter.store(arith::TruncIOp::create(builder, bytes, low), table,
                {token, at});
  emitter.store(arith::TruncIOp::create(builder, bytes, high), table,
                {token, emitter.add(at, lut::groupTableBytes / 2)});
}

void lower(LoopEmitter &emitter, lut::TableOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows input = emitter.rowsOf(op.getActivations());
  Rows result = emitter.allocate(cast<RankedTensorType>(op.getType()));
  int64_t blocks = llvm::divideCeil(input.width, lut::blockColumns);
  Value work = emitter.mul(emitter.tokenCount, blocks);
  emitter.forParallel(getAsOpFoldResult(work), [&](Value item) {
    Value token = arith::DivUIOp::create(builder, item, emitter.index(blocks));
    Value block = arith::RemUIOp::create(builder, item, emitter.index(blocks));
    Value column = emitter.mul(block, lut::blockColumns);
    Value at = emitter.mul(block, lut::blockGroups * lut::groupTableBytes);
    for (int64_t group = 0; group < lut::blockGroups; ++group) {
      SmallVector<Value> activations;
      for (int64_t i = 0; i < lut::groupColumns; ++i)
        activations.push_back(memref::LoadOp::create(
            builder, input.memref,
            ValueRange{token,
                       emitter.add(column, group * lut::groupColumns + i)}));
      storeSplit(emitter, emitSums(emitter, activations), result.memref, token,
                 emitter.add(at, group * lut::groupTableBytes));
    }
  });
  emitter.bind(op.getResult(), result);
}

} // namespace tritc::loops
