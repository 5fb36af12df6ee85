//===- TopP.cpp - Keep the likeliest that reach a probability -------------===//

#include "runtime/sample/Rules.h"
#include "runtime/sample/VectorMath.h"

using namespace tritc;

/// Drops candidates that are certainly not among those kept, because sorting
/// 128,256 of them takes 8 ms and a sharp distribution keeps a few dozen: all
/// below the first fraction of the best one's weight at which the rest still
/// has the wanted mass.
static void dropHopeless(sample::Candidates &candidates, double wantedMass) {
  for (float fraction : {0.5f, 0.1f, 0.01f, 1e-3f, 1e-4f, 1e-6f})
    if (sample::sumAtLeast(candidates.weights, fraction) >= wantedMass)
      return candidates.keepAtLeast(candidates.weights, fraction);
}

void sample::applyTopP(Candidates &candidates, const SamplerOptions &options) {
  if (options.topP >= 1)
    return;
  float best = maximum(candidates.logits);
  auto weigh = [&] {
    candidates.weights.resize(candidates.size());
    exponentials(candidates.logits, best, 1, candidates.weights.data());
  };
  weigh();
  double mass = options.topP * sumAtLeast(candidates.weights, 0);
  if (!candidates.isSorted) {
    dropHopeless(candidates, mass);
    candidates.sort();
    weigh();
  }
  double reached = 0;
  for (size_t i = 0; i < candidates.size(); ++i) {
    reached += static_cast<double>(candidates.weights[i]);
    if (reached >= mass)
      return candidates.cut(i + 1);
  }
}
