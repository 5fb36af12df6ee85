//===- RepeatPenalty.cpp - Make recent tokens less likely -----------------===//

#include "runtime/sample/Rules.h"

using namespace tritc;

void sample::applyRepeatPenalty(Candidates &candidates,
                                std::span<const int32_t> recent,
                                const SamplerOptions &options) {
  if (options.repeatPenalty == 1)
    return;
  float penalty = static_cast<float>(options.repeatPenalty);
  for (size_t i = 0; i < recent.size(); ++i) {
    // The window is short: looking back beats a table over the vocabulary.
    auto seen = recent.first(i);
    if (std::find(seen.begin(), seen.end(), recent[i]) != seen.end())
      continue;
    float &logit = candidates.logits[static_cast<size_t>(recent[i])];
    logit = logit > 0 ? logit / penalty : logit * penalty;
  }
}
