//===- HeadTokens.h - Tokens that share a tile of a head ------------------===//
#pragma once

#include "passes/loops/LoopEmitter.h"

namespace tritc::loops {

/// Tokens whose sums with a tile of a head stay in registers.
/// \param sumBits of one token
int64_t headTokens(LoopEmitter &emitter, int64_t sumBits);

/// All tokens whose logits are wanted, up to `tile` of them at a time: so many
/// share each load of the table and what makes numbers of its bytes.
void forHeadTokens(LoopEmitter &emitter, bitnet::HeadOp op, int64_t tile,
                   LoopEmitter::TileBody body);

} // namespace tritc::loops
