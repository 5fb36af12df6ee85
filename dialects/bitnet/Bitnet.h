//===- Bitnet.h - The bitnet dialect --------------------------------------===//
//
// What a BitNet b1.58 model means; see README.md for the constraints.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/lut/layouts/Packing.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/bitnet/BitnetDialect.h.inc"
#include "dialects/bitnet/BitnetEnums.h.inc"
#include "dialects/bitnet/BitnetTypeInterfaces.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/bitnet/BitnetTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/bitnet/BitnetAttrs.h.inc"

namespace tritc::bitnet {
/// Attribute of a model's function: type of the KV cache,
/// [layers, KV heads, 2, context, head_dim] of f16, or of i8 with four more
/// bytes behind each head: what its integers are multiples of, in f32.
inline constexpr llvm::StringLiteral kKvCacheAttr = "bitnet.kv_cache";
inline constexpr int64_t kvStepBytes = 4;

/// Keys and values of all positions so far.
struct KvCacheResource : mlir::SideEffects::Resource::Base<KvCacheResource> {
  llvm::StringRef getName() final { return "KvCache"; }
};

/// What an operation does with its buffers: it reads its operands, and writes
/// `into`, or what it allocates and returns where that is null. Nothing, of
/// tensors.
void addBufferEffects(
    mlir::Operation *op, mlir::Value into,
    llvm::SmallVectorImpl<mlir::MemoryEffects::EffectInstance> &effects);
} // namespace tritc::bitnet

#define GET_OP_CLASSES
#include "dialects/bitnet/BitnetOps.h.inc"
