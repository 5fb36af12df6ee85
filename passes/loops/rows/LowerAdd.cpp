//===- LowerAdd.cpp - Sums of the residual stream -------------------------===//
#include "passes/loops/Lowerings.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// result[t] = x[t] + y[t], in the place that bufferization found.
void lowerAdd(LoopEmitter &emitter, AddOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows lhs = emitter.rowsOf(op.getLhs()), rhs = emitter.rowsOf(op.getRhs());
  Rows result = emitter.place(op.getInto(), op.getType());
  emitter.forRows([&](Value token) {
    emitter.forLanes(result.width, [&](Value at, int64_t count) {
      Value x = emitter.loadRow(lhs, token, at, count);
      Value y = emitter.loadRow(rhs, token, at, count);
      emitter.storeRow(arith::AddFOp::create(builder, x, y), result, token, at,
                       count);
    });
  });
  emitter.setResult(result);
}

} // namespace tritc::loops
