//===- LowerBias.h - A bias behind a product ------------------------------===//
#pragma once

#include "passes/loops/LoopEmitter.h"

#include "dialects/bitnet/BitnetBias.h"

namespace tritc::loops {

/// result[t] = x[t] + bias.
void lower(LoopEmitter &emitter, bitnet::BiasOp op);

} // namespace tritc::loops
