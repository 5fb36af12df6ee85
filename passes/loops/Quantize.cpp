//===- Quantize.cpp - A token's row as integers ---------------------------===//
#include "passes/loops/Quantize.h"

using namespace mlir;

namespace tritc::loops {

/// clamp(rne(x * scale), lowest, limit) in 32 bits. The integer is read from
/// the bits of the rounded sum, so that no input, not even NaN, converts out of
/// range.
static Value quantizeLanes(LoopEmitter &emitter, Value x, Value scale,
                           const Rounding &rounding) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType floats = emitter.vectorType(builder.getF32Type());
  VectorType words = emitter.vectorType(builder.getI32Type());
  Value y = arith::MulFOp::create(builder, x, scale);
  y = arith::AddFOp::create(builder, y, emitter.splat(floats, roundingMagic));
  Value q = arith::BitcastOp::create(builder, words, y);
  q = arith::SubIOp::create(builder, q,
                            emitter.splat(words, roundingMagicBits));
  q = arith::MaxSIOp::create(builder, q,
                             emitter.splat(words, double(rounding.lowest)));
  return arith::MinSIOp::create(builder, q,
                                emitter.splat(words, double(rounding.limit)));
}

Value quantize(LoopEmitter &emitter, int64_t width, const Rounding &rounding,
               LoadLanes load, StoreLanes store) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType type = emitter.vectorType(builder.getF32Type());
  Value largest = emitter.reduceLanes(
      width, emitter.splat(type, 0.0),
      [&](Value at, int64_t count, Value sofar) {
        return emitter.max(math::AbsFOp::create(builder, load(at, count)),
                           sofar);
      });
  Value limit = emitter.f32(float(rounding.limit));
  Value m = emitter.max(emitter.maxTree(largest), emitter.f32(1e-5f));
  Value scale = arith::DivFOp::create(builder, limit, m);
  Value step = arith::DivFOp::create(builder, m, limit);
  scale = vector::BroadcastOp::create(builder, type, scale);
  emitter.forLanes(width, [&](Value at, int64_t count) {
    store(quantizeLanes(emitter, load(at, count), scale, rounding), at, count);
  });
  return step;
}

Value quantizeRow(LoopEmitter &emitter, const Rows &input, Value token,
                  const Rows &bytes, const Rounding &rounding) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType stored = emitter.vectorType(
      cast<MemRefType>(bytes.memref.getType()).getElementType());
  Value step = quantize(
      emitter, input.width, rounding,
      [&](Value at, int64_t count) {
        return emitter.loadRow(input, token, at, count);
      },
      // Lanes beyond the width were loaded as zero and quantize to zero.
      [&](Value q, Value at, int64_t) {
        emitter.storeRow(arith::TruncIOp::create(builder, stored, q), bytes,
                         token, at, lanes);
      });
  Value zero = emitter.splat(stored, 0);
  for (int64_t at = llvm::alignTo(input.width, lanes);
       at < rounding.paddedWidth; at += lanes)
    emitter.storeRow(zero, bytes, token, emitter.index(at), lanes);
  return step;
}

} // namespace tritc::loops
