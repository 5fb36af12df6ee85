//===- Lut.h - The lut dialect --------------------------------------------===//
//
// How a ternary product is computed; see README.md for the constraints.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/bitnet/Bitnet.h"
#include "dialects/lut/layouts/BlockedRows.h"
#include "dialects/lut/layouts/Packing.h"
#include "dialects/lut/layouts/ScaledRows.h"

#include "mlir/Dialect/SCF/IR/DeviceMappingInterface.h"

#include "dialects/lut/LutDialect.h.inc"
#include "dialects/lut/LutEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/lut/LutTypes.h.inc"

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

/// Sums of three activations are 27 h + l, or 27 h + l + 14 where complements
/// negate, so that l and h of eight groups add up within a byte. (64 h + l
/// would spare a multiplication, but four l = 32 do not fit.)
inline constexpr int64_t splitFactor = 27;
inline constexpr int64_t complementBias = 14;

/// Layout of the tables that a packing is looked up in.
struct TableShape {
  int64_t blockColumns; ///< tables come in whole blocks of these
  int64_t groupBytes;   ///< of table, for three columns

  int64_t blockBytes() const {
    return blockColumns / groupColumns * groupBytes;
  }
  /// Bytes of table for one token of `columns` activations.
  int64_t bytes(int64_t columns) const {
    return (columns + blockColumns - 1) / blockColumns * blockBytes();
  }
};

/// Null for packings that are not looked up.
std::optional<TableShape> tableShape(const PackingSpec &spec);

} // namespace tritc::lut
