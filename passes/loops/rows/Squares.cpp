//===- Squares.cpp - The size of a row ------------------------------------===//
#include "passes/loops/rows/Squares.h"

using namespace mlir;

namespace tritc::loops {

Value sumOfSquares(LoopEmitter &emitter, const Rows &input, Value token,
                   Value start, int64_t width) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType type = emitter.vectorType(builder.getF32Type());
  Value squares = emitter.reduceLanes(
      width, emitter.splat(type, 0.0), [&](Value at, int64_t count, Value sum) {
        Value column = builder.createOrFold<arith::AddIOp>(start, at);
        Value x = emitter.loadRow(input, token, column, count);
        return emitter.fma(x, x, sum);
      });
  return emitter.sumTree(squares);
}

} // namespace tritc::loops
