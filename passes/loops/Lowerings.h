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

void lower(LoopEmitter &emitter, bitnet::AddOp op);
void lower(LoopEmitter &emitter, bitnet::AttentionOp op);
void lower(LoopEmitter &emitter, bitnet::BiasOp op);
void lower(LoopEmitter &emitter, bitnet::ByLayerOp op);
void lower(LoopEmitter &emitter, bitnet::CopyOp op);
void lower(LoopEmitter &emitter, bitnet::EmbedOp op);
void lower(LoopEmitter &emitter, bitnet::GluOp op);
void lower(LoopEmitter &emitter, bitnet::HeadOp op);
void lower(LoopEmitter &emitter, bitnet::ParameterOp op);
void lower(LoopEmitter &emitter, bitnet::QuantizeOp op);
void lower(LoopEmitter &emitter, bitnet::RmsNormOp op);
void lower(LoopEmitter &emitter, bitnet::RopeOp op);
void lower(LoopEmitter &emitter, bitnet::StatesOp op);
void lower(LoopEmitter &emitter, bitnet::TraceOp op);
void lower(LoopEmitter &emitter, bitnet::UnitOp op);
void lower(LoopEmitter &emitter, lut::MatmulOp op);
void lower(LoopEmitter &emitter, lut::MatvecOp op);
void lower(LoopEmitter &emitter, lut::TableOp op);

/// Heads of rounded rows, and of tables in blocks.
void lowerScaledHead(LoopEmitter &emitter, bitnet::HeadOp op);
void lowerBlockedHead(LoopEmitter &emitter, bitnet::HeadOp op);

} // namespace tritc::loops
