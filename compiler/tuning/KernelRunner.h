//===- KernelRunner.h - A small program at work in this process -----------===//
#pragma once

#include "compiler/codegen/AnonymousMemory.h"
#include "compiler/codegen/LoadedObject.h"
#include "compiler/tuning/SmallProgram.h"
#include "compiler/tuning/Workload.h"

#include <algorithm>

namespace tritc::tuning {

/// A workload, compiled for a target that this machine runs, loaded into this
/// process, with random weights and all memory that it needs.
class KernelRunner {
public:
  /// \param kernel one of the target's, or null for the cost model's choice
  /// Code 4 where this machine lacks what the target needs, 5 where the code
  /// cannot be made or loaded.
  static llvm::Expected<std::unique_ptr<KernelRunner>>
  create(const Workload &workload, const Target &target, const Kernel *kernel);

  /// Seconds of one call of `tokens` tokens on `threads` threads, the mean of
  /// `calls` in a row. One token is decode, more are prefill.
  double seconds(int64_t tokens, unsigned threads, unsigned calls);

  /// Tokens that a call of prefill takes at most, behind those of the cache.
  int64_t maxTokens() const {
    const TritcProgram &program = code.program();
    return std::min<int64_t>(program.maxTokens,
                             program.contextSize - positions);
  }
  /// Bytes of ternary weights that a call reads; of a head.
  uint64_t ternaryBytes() const { return counts.ternaryBytes; }
  uint64_t headBytes() const { return counts.headBytes; }

private:
  KernelRunner(const Workload &workload, const SmallProgram &program,
               codegen::LoadedObject code);
  bool hasMemory() const;
  void fillWeights(const codegen::WeightPlan &plan);

  const int64_t positions;
  const bool hasLogits;
  codegen::WeightCounts counts;
  codegen::LoadedObject code;
  codegen::AnonymousMemory image, scratch, cache, logits;
};

} // namespace tritc::tuning
