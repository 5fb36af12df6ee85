//===- Limits.h - What this machine can do at most ------------------------===//
//
// Measured by loops that LLVM makes of the same primitives as kernels: reading
// memory, dot products in registers, fused multiply-adds in registers.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "targets/Target.h"

#include "llvm/Support/Error.h"

namespace tritc::tuning {

struct Limits {
  double bytesPerSecond; ///< read from memory, the best of several loops
  /// Products of bytes, each added to a sum, as blocks of tokens take them: of
  /// registers of two dimensions where the target has some.
  double dotsPerSecond;
  double fmasPerSecond; ///< of f32
};

/// Measures them with the target's instructions on `threads` threads; takes
/// less than a second. Errors as KernelRunner's.
llvm::Expected<Limits> measureLimits(const Target &target, unsigned threads);

} // namespace tritc::tuning
