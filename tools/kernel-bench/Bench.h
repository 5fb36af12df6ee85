//===- Bench.h - What the benchmarks of all kernels share -----------------===//
#pragma once

#include "compiler/tuning/KernelRunner.h"
#include "compiler/tuning/Limits.h"

#include "llvm/ADT/StringRef.h"

#include <functional>
#include <string>

namespace tritc::bench {

/// A call of a small program, and what to say about it.
struct Case {
  std::string name; ///< without target and threads: "decode/2560x2560"
  const Target *target;
  const Kernel *kernel = nullptr;
  tuning::Workload workload{};
  bool isDecode; ///< or as many tokens as a call of prefill takes

  /// What one call of `tokens` tokens does; 0 where it is of no interest.
  struct Amount {
    double bytes;   ///< streamed from memory
    double weights; ///< ternary ones
    double dots;    ///< products of bytes
    double fmas;    ///< of f32
  };
  std::function<Amount(const tuning::KernelRunner &, int64_t tokens)> amount;
};

/// Registers `what` for one thread and for all processors, or a benchmark that
/// says why it is skipped where this machine cannot run the target.
void add(const Case &what);

/// Layers of `bytes` bytes each that no cache holds together, for benchmarks of
/// memory; few where they are small.
int64_t layersOf(int64_t bytes);

// One for each file.
void addTernary();
void addHeads();
void addAttention();

} // namespace tritc::bench
