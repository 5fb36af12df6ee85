//===- TopP.cpp - Keep the likeliest that reach a probability -------------===//

#include "runtime/sample/Rules.h"
#include "runtime/sample/VectorMath.h"

using namespace tritc;

/// Drops candidates that are certainly not among those kept, because sorting
/// 128,256 of them takes 8 ms and a sharp distribution keeps a few dozen: the
/// first cutoff below the maximum whose candidates reach the wanted mass.
static void dropHopeless(sample::Candidates &candidates, float best,
                         double wantedMass) {
  for (float distance : {1.0f, 2.0f, 4.0f, 8.0f, 16.0f}) {
    float cutoff = best - distance;
    if (sample::sumOfExponentials(candidates.logits, best, cutoff) < wantedMass)
      continue;
    return candidates.dropBelow(cutoff);
  }
}

void sample::applyTopP(Candidates &candidates, const SamplerOptions &options) {
  if (options.topP >= 1)
    return;
  float best = maximum(candidates.logits);
  double mass = options.topP *
                sumOfExponentials(candidates.logits, best, -__builtin_inff());
  if (!candidates.isSorted)
    dropHopeless(candidates, best, mass);
  candidates.sort();

  double reached = 0;
  float block[16];
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i % 16 == 0) {
      size_t count = std::min<size_t>(16, candidates.size() - i);
      exponentials({candidates.logits.data() + i, count}, best, 1, block);
    }
    reached += static_cast<double>(block[i % 16]);
    if (reached >= mass)
      return candidates.cut(i + 1);
  }
}
