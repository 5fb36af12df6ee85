//===- LowerUnit.cpp - Rows divided by their length -----------------------===//
#include "passes/loops/Lowerings.h"
#include "passes/loops/rows/Squares.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// output[t] = x[t] / max(sqrt(sum(x^2)), 1e-12) for t >= first.
void lowerUnit(LoopEmitter &emitter, UnitOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows input = emitter.rowsOf(op.getInput());
  VectorType type = emitter.vectorType(builder.getF32Type());
  Rows result = emitter.place(op.getInto(), op.getType());
  emitter.forRowsFrom(emitter.converted(op.getFirst()), [&](Value row) {
    Value sum =
        sumOfSquares(emitter, input, row, emitter.index(0), input.width);
    Value length =
        emitter.max(math::SqrtOp::create(builder, sum), emitter.f32(1e-12f));
    Value divisor = vector::BroadcastOp::create(builder, type, length);
    emitter.forLanes(input.width, [&](Value at, int64_t count) {
      Value x = emitter.loadRow(input, row, at, count);
      emitter.storeRow(arith::DivFOp::create(builder, x, divisor), result, row,
                       at, count);
    });
  });
  emitter.setResult(result);
}

} // namespace tritc::loops
