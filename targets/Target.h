//===- Target.h - What a target is ----------------------------------------===//
//
// A target is data and at most three hooks. Passes read the data, never the
// name.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/lut/layouts/Packing.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace mlir {
class OpBuilder;
class Type;
class Value;
class ValueRange;
} // namespace mlir

namespace tritc {
namespace lut {
class RegisterType;
class DotRegistersOp;
class DotOp;
class LoadRegisterOp;
class LookupOp;
class StoreRegisterOp;
} // namespace lut

/// Bytes that an instruction takes for codes; see #lut.dot_shape.
enum class Codes { Signed, Unsigned, Small };

/// How the target likes its dot products; see #lut.dot_shape.
struct DotShape {
  int64_t sumBits, rows, tokens, columns; ///< of one lut.dot
  int64_t rowTile, tokenTile;             ///< sums that stay in registers
  int64_t loadColumns; ///< columns of activations that one load brings
  Codes codes = Codes::Signed;
  int64_t sideColumns = 0;  ///< in a block of codes; 0 for no blocks
  int64_t chunkColumns = 0; ///< with blocks: about so many unpacked at once
};

/// A way to compute ternary products of one token, and what it costs.
struct Kernel {
  /// Cycles of one core for 1,000 weights, weights and tables in L1, by LLVM's
  /// name of the CPU; `tools/dev/predict_speed` prints them.
  struct Cost {
    llvm::StringLiteral cpu;
    int64_t cycles;
  };
  lut::PackingSpec packing;
  llvm::ArrayRef<Cost> costs;    ///< at least one; the first stands for others
  const DotShape *dot = nullptr; ///< its own; null: the target's
  bool complements = false;      ///< lookups complement instead of negating

  int64_t cyclesOn(llvm::StringRef cpu) const;
};

/// How a target computes with !lut.register, in LLVM's dialect.
struct RegisterHooks {
  /// The type of the target's own; null where there is none.
  mlir::Type (*type)(lut::RegisterType);
  /// What replaces an operation; `value` and `registers` its operands, as the
  /// target's own.
  mlir::Value (*load)(mlir::OpBuilder &, lut::LoadRegisterOp);
  void (*store)(mlir::OpBuilder &, lut::StoreRegisterOp, mlir::Value value);
  mlir::Value (*dot)(mlir::OpBuilder &, lut::DotRegistersOp,
                     mlir::ValueRange registers);
};

/// One instruction set that tritc emits code for.
struct Target {
  llvm::StringLiteral name;    ///< its folder and the value of --target
  llvm::StringLiteral summary; ///< one phrase for --help
  llvm::StringLiteral triple;
  llvm::StringLiteral cpu; ///< LLVM's name of the baseline CPU
  uint64_t features; ///< bits of runtime/abi/cpu_features.def, beyond `cpu`
  llvm::StringLiteral machine; ///< that code is made for unless told otherwise

  llvm::ArrayRef<Kernel> kernels; ///< one or more; the cost model chooses
  DotShape dot;
  int64_t prefillTokens; ///< largest block of tokens of one prefill call
  int64_t prefetchBytes; ///< see #lut.target; 0 for none

  /// Hooks: replacement values for the primitives, built before the operation.
  /// A null hook means the generic lowering, which is always right.
  mlir::Value (*lowerLookup)(mlir::OpBuilder &, lut::LookupOp) = nullptr;
  mlir::Value (*lowerDot)(mlir::OpBuilder &, lut::DotOp) = nullptr;
  /// Shape of products of !lut.register, which blocks of tokens take in place
  /// of `dot`, and how they are computed; null for none.
  const DotShape *registerDot = nullptr;
  const RegisterHooks *registers = nullptr;

  /// The target whose code an executable for this one holds besides, for CPUs
  /// of the same family that lack a feature, or systems that refuse it; empty
  /// for none.
  llvm::StringLiteral fallback = "";
};

/// A machine that speed is predicted for; see Machines.def.
struct Machine {
  llvm::StringLiteral name;
  llvm::StringLiteral cpu; ///< LLVM's name
  int64_t cores;
  int64_t mhz;
  int64_t oneCore;  ///< MB/s that one core reads from memory
  int64_t allCores; ///< MB/s that all cores read together

  /// MB/s that `count` cores read together.
  int64_t bandwidth(int64_t count) const;
};

/// All machines, and the one of that name or null.
llvm::ArrayRef<Machine> allMachines();
const Machine *lookupMachine(llvm::StringRef name);

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
