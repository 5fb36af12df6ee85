//===- CountPenalties.cpp - Make what was said less likely ----------------===//

#include "runtime/sample/Rules.h"

using namespace tritc;

void sample::applyCountPenalties(Candidates &candidates,
                                 std::span<const TokenCount> said,
                                 const SamplerOptions &options) {
  if (options.frequencyPenalty == 0 && options.presencePenalty == 0)
    return;
  for (TokenCount token : said)
    candidates.logits[static_cast<size_t>(token.id)] -= static_cast<float>(
        token.count * options.frequencyPenalty + options.presencePenalty);
}
