//===- Draw.cpp - Temperature and the throw of the dice -------------------===//

#include "runtime/sample/Rules.h"
#include "runtime/sample/VectorMath.h"

#include <cfloat>

using namespace tritc;

size_t sample::draw(Candidates &candidates, double uniform,
                    const SamplerOptions &options) {
  // Not above FLT_MAX, or the best one's 0 becomes NaN.
  float scale =
      static_cast<float>(std::min(1 / options.temperature, double{FLT_MAX}));
  float best = maximum(candidates.logits);
  float *weights = candidates.logits.data();
  exponentials(candidates.logits, best, scale, weights);

  // In one order and in double: sum and walk round alike, so the walk ends.
  double sum = 0;
  for (size_t i = 0; i < candidates.size(); ++i)
    sum += static_cast<double>(weights[i]);
  double target = uniform * sum;
  double walked = 0;
  for (size_t i = 0; i < candidates.size(); ++i) {
    walked += static_cast<double>(weights[i]);
    if (walked > target)
      return i;
  }
  return 0; // unreachable for uniform < 1: the sum exceeds the target
}
