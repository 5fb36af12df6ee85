//===- MinP.cpp - Keep what is likely beside the best ---------------------===//

#include "runtime/sample/Logarithm.h"
#include "runtime/sample/Rules.h"
#include "runtime/sample/VectorMath.h"

using namespace tritc;

void sample::applyMinP(Candidates &candidates, const SamplerOptions &options) {
  if (options.minP <= 0)
    return;
  // p >= minP * best as logits: no exponential over the vocabulary.
  double best = static_cast<double>(maximum(candidates.logits));
  candidates.keepAtLeast(
      candidates.logits,
      static_cast<float>(best + logarithm(std::min(options.minP, 1.0))));
}
