//===- LowerBias.cpp - A bias behind a product ----------------------------===//
#include "passes/loops/Lowerings.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

void lowerBias(LoopEmitter &emitter, BiasOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Value bias = emitter.parameter(op.getBias());
  Rows input = emitter.rowsOf(op.getInput());
  Rows result = emitter.allocate(op.getType());
  emitter.forRows([&](Value token) {
    emitter.forLanes(result.width, [&](Value at, int64_t count) {
      Value x = emitter.loadRow(input, token, at, count);
      Value b = emitter.load(bias, at, count);
      emitter.storeRow(arith::AddFOp::create(builder, x, b), result, token, at,
                       count);
    });
  });
  emitter.setResult(result);
}

} // namespace tritc::loops
