//===- LowerCopy.cpp - Rows that are needed twice -------------------------===//
#include "passes/loops/Lowerings.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// What bufferization had to copy: rows that are overwritten and read again.
void lowerCopy(LoopEmitter &emitter, CopyOp op) {
  Rows source = emitter.rowsOf(op.getInput());
  Rows target = emitter.place(op.getInto(), op.getType());
  emitter.forRows([&](Value token) {
    emitter.forLanes(source.width, [&](Value at, int64_t count) {
      emitter.storeRow(emitter.loadRow(source, token, at, count), target, token,
                       at, count);
    });
  });
  emitter.setResult(target);
}

} // namespace tritc::loops
