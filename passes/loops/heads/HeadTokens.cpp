//===- HeadTokens.cpp - Tokens that share a tile of a head ----------------===//
#include "passes/loops/heads/HeadTokens.h"

using namespace mlir;

namespace tritc::loops {

int64_t headTokens(LoopEmitter &emitter, int64_t sumBits) {
  if (emitter.maxTokens == 1)
    return 1;
  lut::DotShapeAttr dot = emitter.target().getDot();
  int64_t registers = dot.getRowTile() * dot.getTokenTile() * dot.getSumBits();
  return std::max<int64_t>(registers / sumBits, 1);
}

void forHeadTokens(LoopEmitter &emitter, bitnet::HeadOp op, int64_t tile,
                   LoopEmitter::TileBody body) {
  // The first wanted one may be none of the pass.
  Value first = arith::MinUIOp::create(
      emitter.builder, emitter.converted(op.getFirst()), emitter.tokenCount);
  emitter.forTiles(first, emitter.tokenCount, tile, body);
}

} // namespace tritc::loops
