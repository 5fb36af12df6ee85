//===- Lowerings.h - From an operation on buffers to loops ----------------===//
//
// One function per operation, each in the file of its name; LowerToLoops makes
// a conversion pattern of each.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "passes/loops/LoopEmitter.h"

#include "dialects/bitnet/Bitnet.h"

namespace tritc::loops {

void lowerAdd(LoopEmitter &emitter, bitnet::AddOp op);
void lowerAttention(LoopEmitter &emitter, bitnet::AttentionOp op);
void lowerBias(LoopEmitter &emitter, bitnet::BiasOp op);
void lowerByLayer(LoopEmitter &emitter, bitnet::ByLayerOp op);
void lowerCopy(LoopEmitter &emitter, bitnet::CopyOp op);
void lowerEmbed(LoopEmitter &emitter, bitnet::EmbedOp op);
void lowerGlu(LoopEmitter &emitter, bitnet::GluOp op);
void lowerHead(LoopEmitter &emitter, bitnet::HeadOp op);
void lowerParameter(LoopEmitter &emitter, bitnet::ParameterOp op);
void lowerQuantize(LoopEmitter &emitter, bitnet::QuantizeOp op);
void lowerRmsNorm(LoopEmitter &emitter, bitnet::RmsNormOp op);
void lowerRope(LoopEmitter &emitter, bitnet::RopeOp op);
void lowerStates(LoopEmitter &emitter, bitnet::StatesOp op);
void lowerTrace(LoopEmitter &emitter, bitnet::TraceOp op);
void lowerUnit(LoopEmitter &emitter, bitnet::UnitOp op);
void lowerMatmul(LoopEmitter &emitter, lut::MatmulOp op);
void lowerMatvec(LoopEmitter &emitter, lut::MatvecOp op);
void lowerTable(LoopEmitter &emitter, lut::TableOp op);

/// Heads of rounded rows, and of tables in blocks.
void lowerScaledHead(LoopEmitter &emitter, bitnet::HeadOp op);
void lowerBlockedHead(LoopEmitter &emitter, bitnet::HeadOp op);

} // namespace tritc::loops
