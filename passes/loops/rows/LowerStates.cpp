//===- LowerStates.cpp - Rows that a model returns as they are ------------===//
#include "passes/loops/Lowerings.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// result[t] = x[t] for t >= first.
void lowerStates(LoopEmitter &emitter, StatesOp op) {
  Rows input = emitter.rowsOf(op.getInput());
  Rows result = emitter.rowsOf(op.getInto());
  emitter.forRowsFrom(emitter.converted(op.getFirst()), [&](Value row) {
    emitter.forLanes(input.width, [&](Value at, int64_t count) {
      emitter.storeRow(emitter.loadRow(input, row, at, count), result, row, at,
                       count);
    });
  });
  emitter.setResult(result);
}

} // namespace tritc::loops
