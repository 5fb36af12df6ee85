//===- LowerQuantize.cpp - Activations as bytes ---------------------------===//
#include "passes/loops/Lowerings.h"
#include "passes/loops/Quantize.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// m = max(max|x|, 1e-5); q = rne(x * (127 / m)); step = m / 127. Columns
/// beyond the width are zero up to the padding, for kernels that read whole
/// blocks.
void lowerQuantize(LoopEmitter &emitter, QuantizeOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows input = emitter.rowsOf(op.getInput());
  Rows bytes = emitter.allocate(op.getQuantized().getType());
  Rows steps = emitter.allocate(op.getSteps().getType());
  int64_t paddedWidth = llvm::alignTo(input.width, byteRowMultiple);
  emitter.forRows([&](Value token) {
    Value step =
        quantizeRow(emitter, input, token, bytes, {127, -128, paddedWidth});
    memref::StoreOp::create(builder, step, steps.memref, token);
  });
  emitter.setResult(bytes);
  emitter.setResult(steps);
}

} // namespace tritc::loops
