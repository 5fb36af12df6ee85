//===- LowerNorm.cpp - Rows divided by their size -------------------------===//
#include "passes/loops/Lowerings.h"
#include "passes/loops/rows/Squares.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// y = (x * (1 / sqrt(mean(x^2) + epsilon))) * weight over the columns of one
/// weight: one f32 rounding per operation.
static void normalize(LoopEmitter &emitter, RmsNormOp op, const Rows &result,
                      Value weight, Value token, Value start) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows input = emitter.rowsOf(op.getInput());
  VectorType type = emitter.vectorType(builder.getF32Type());
  int64_t width = cast<ShapedType>(weight.getType()).getDimSize(0);
  Value sum = sumOfSquares(emitter, input, token, start, width);
  Value mean = arith::DivFOp::create(builder, sum, emitter.f32(float(width)));
  Value epsilon = arith::ConstantOp::create(builder, op.getEpsilonAttr());
  Value root = math::SqrtOp::create(
      builder, arith::AddFOp::create(builder, mean, epsilon).getResult());
  Value inverse = arith::DivFOp::create(builder, emitter.f32(1.0f), root);
  Value factor = vector::BroadcastOp::create(builder, type, inverse);
  emitter.forLanes(width, [&](Value at, int64_t count) {
    Value column = builder.createOrFold<arith::AddIOp>(start, at);
    Value x = emitter.loadRow(input, token, column, count);
    Value w = emitter.load(weight, at, count);
    Value y = arith::MulFOp::create(builder, x, factor);
    y = arith::MulFOp::create(builder, y, w);
    emitter.storeRow(y, result, token, column, count);
  });
}

/// A weight as wide as the row, or one that serves every head of it.
void lowerRmsNorm(LoopEmitter &emitter, RmsNormOp op) {
  Value weight = emitter.parameter(op.getWeight());
  int64_t rowWidth = emitter.rowsOf(op.getInput()).width;
  Rows result = emitter.allocate(op.getType());
  int64_t width = cast<ShapedType>(weight.getType()).getDimSize(0);
  emitter.forRows([&](Value token) {
    Value zero = emitter.index(0);
    if (width == rowWidth)
      return normalize(emitter, op, result, weight, token, zero);
    emitter.forRange(zero, emitter.index(rowWidth), width, [&](Value start) {
      normalize(emitter, op, result, weight, token, start);
    });
  });
  emitter.setResult(result);
}

} // namespace tritc::loops
