//===- LowerParameter.cpp - Where a parameter lies ------------------------===//
#include "passes/loops/Lowerings.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// A view of the section of weights, where the layout says.
void lowerParameter(LoopEmitter &emitter, ParameterOp op) {
  Value view = memref::ViewOp::create(
      emitter.builder, cast<MemRefType>(op.getResult().getType()),
      emitter.converted(op.getSection()), emitter.parameterOffset(op),
      ValueRange());
  emitter.setResult(view);
}

} // namespace tritc::loops
