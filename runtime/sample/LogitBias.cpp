//===- LogitBias.cpp - What the user adds to single tokens ----------------===//

#include "runtime/sample/Rules.h"

using namespace tritc;

void sample::applyLogitBias(Candidates &candidates,
                            const SamplerOptions &options) {
  for (LogitBias bias : options.logitBias)
    if (bias.id >= 0 && static_cast<size_t>(bias.id) < candidates.size())
      candidates.logits[static_cast<size_t>(bias.id)] += bias.bias;
}
