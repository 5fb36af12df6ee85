//===- LowerRope.cpp - Rotations ------------------------------------------===//
#include "passes/loops/Lowerings.h"
#include "passes/loops/Places.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// out[j] = x[j] cos - x[j + d/2] sin, out[j + d/2] = x[j + d/2] cos + x[j] sin
/// for j < d/2, with the row of the table that is the token's position.
void lowerRope(LoopEmitter &emitter, RopeOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Value table = emitter.parameter(op.getTable());
  Rows input = emitter.rowsOf(op.getInput());
  Rows result = emitter.allocate(op.getType());
  int64_t half = cast<MemRefType>(table.getType()).getDimSize(2);
  Places places(emitter, op.getPlaces());
  emitter.forRows([&](Value token) {
    Value position = places.position(token);
    emitter.forRange(
        emitter.index(0), emitter.index(input.width), 2 * half,
        [&](Value head) {
          emitter.forLanes(half, [&](Value at, int64_t count) {
            Value cosine =
                emitter.load(table, {position, emitter.index(0), at}, count);
            Value sine =
                emitter.load(table, {position, emitter.index(1), at}, count);
            Value low = arith::AddIOp::create(builder, head, at);
            Value high = emitter.add(low, half);
            Value x = emitter.loadRow(input, token, low, count);
            Value y = emitter.loadRow(input, token, high, count);
            auto times = [&](Value a, Value b) -> Value {
              return arith::MulFOp::create(builder, a, b);
            };
            Value newLow = arith::SubFOp::create(builder, times(x, cosine),
                                                 times(y, sine));
            Value newHigh = arith::AddFOp::create(builder, times(y, cosine),
                                                  times(x, sine));
            emitter.storeRow(newLow, result, token, low, count);
            emitter.storeRow(newHigh, result, token, high, count);
          });
        });
  });
  emitter.setResult(result);
}

} // namespace tritc::loops
