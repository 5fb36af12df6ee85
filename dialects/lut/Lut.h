//===- Lut.h - The lut dialect --------------------------------------------===//
//
// How a ternary product is computed; see README.md for the constraints.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/bitnet/Bitnet.h"
#include "dialects/lut/Packing.h"
#include "dialects/lut/ScaledRows.h"

#include "dialects/lut/LutDialect.h.inc"
#include "dialects/lut/LutEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/lut/LutAttrs.h.inc"

#define GET_OP_CLASSES
#include "dialects/lut/LutOps.h.inc"

namespace tritc::lut {

/// Names of the attributes that passes leave on operations of other dialects.
inline constexpr llvm::StringLiteral kTargetAttr = "lut.target";
inline constexpr llvm::StringLiteral kLayoutAttr = "lut.layout";
inline constexpr llvm::StringLiteral kImageBytesAttr = "lut.image_bytes";
inline constexpr llvm::StringLiteral kScratchBytesAttr = "lut.scratch_bytes";
inline constexpr llvm::StringLiteral kKvCacheBytesAttr = "lut.kv_cache_bytes";
inline constexpr llvm::StringLiteral kMaxTokensAttr = "lut.max_tokens";
inline constexpr llvm::StringLiteral kContextSizeAttr = "lut.context_size";
/// The variable with the function that profiles, null for nobody.
inline constexpr llvm::StringLiteral kMarkHook = "tritc_mark";
/// Kinds of work that lut.mark names, in the order of their numbers, and the
/// bytes of weights that each reads.
inline constexpr llvm::StringLiteral kWorkNamesAttr = "lut.work_names";
inline constexpr llvm::StringLiteral kWorkBytesAttr = "lut.work_bytes";

/// The numbers of the module's target; an error on the module without them.
mlir::FailureOr<TargetAttr> targetOf(mlir::Operation *module);

/// Bytes of table per group: 16 of l and 16 of h.
inline constexpr int64_t groupTableBytes = 32;

/// Bytes of table for one token of `columns` activations.
inline int64_t tableBytes(int64_t columns) {
  return (columns + blockColumns - 1) / blockColumns * blockGroups *
         groupTableBytes;
}

} // namespace tritc::lut
