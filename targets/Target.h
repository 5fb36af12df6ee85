//===- Target.h - What a target is ----------------------------------------===//
//
// A target is data and at most three hooks. Passes read the data, never the
// name.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/lut/Packing.h"

#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace mlir {
class OpBuilder;
class Value;
} // namespace mlir

namespace tritc {
namespace lut {
class LookupOp;
class DotOp;
} // namespace lut

/// One instruction set that tritc emits code for.
struct Target {
  llvm::StringLiteral name;    ///< its folder and the value of --target
  llvm::StringLiteral summary; ///< one phrase for --help
  llvm::StringLiteral triple;
  llvm::StringLiteral cpu; ///< LLVM's name of the baseline CPU
  uint64_t features; ///< bits of runtime/abi/cpu_features.def, beyond `cpu`

  lut::PackingSpec packing; ///< of every ternary matrix
  int64_t prefillTokens;    ///< largest block of tokens of one prefill call
  int64_t tokenTile;        ///< tokens that share one pass over codes
  int64_t prefetchBytes;    ///< ahead in the weight stream; 0 for none

  /// Hooks: replacement values for the primitives, built before the operation.
  /// A null hook means the generic lowering, which is always right.
  mlir::Value (*lowerLookup)(mlir::OpBuilder &, lut::LookupOp) = nullptr;
  mlir::Value (*lowerDot)(mlir::OpBuilder &, lut::DotOp) = nullptr;
};

/// Bits of `Target::features`, in the order of cpu_features.def.
namespace cpu {
enum FeatureIndex {
#define TRITC_CPU_FEATURE(arch, id, llvmName) id##_index,
#include "runtime/abi/cpu_features.def"
};
enum Feature : uint64_t {
#define TRITC_CPU_FEATURE(arch, id, llvmName) id = uint64_t(1) << id##_index,
#include "runtime/abi/cpu_features.def"
};
} // namespace cpu

/// The target of that name, or null.
const Target *lookupTarget(llvm::StringRef name);

} // namespace tritc
