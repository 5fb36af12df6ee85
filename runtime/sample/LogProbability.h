//===- LogProbability.h - How likely a token was --------------------------===//
#pragma once

#include "runtime/sample/Logarithm.h"
#include "runtime/sample/VectorMath.h"

namespace tritc::sample {

/// Natural logarithm of the probability that the softmax of `logits` gives to
/// `id`. \pre id < logits.size()
inline double logProbability(std::span<const float> logits, int32_t id) {
  float best = maximum(logits);
  double sum = sumOfExponentials(logits, best);
  return static_cast<double>(logits[static_cast<size_t>(id)]) -
         (static_cast<double>(best) + logarithm(sum));
}

} // namespace tritc::sample
