//===- LogProbability.h - How likely a token was --------------------------===//
#pragma once

#include "runtime/sample/Logarithm.h"
#include "runtime/sample/VectorMath.h"

namespace tritc::sample {

/// Natural logarithm of the sum of e^logit over all `logits`.
inline double logOfSum(std::span<const float> logits) {
  float best = maximum(logits);
  return static_cast<double>(best) + logarithm(sumOfExponentials(logits, best));
}

/// Natural logarithm of the probability that the softmax of `logits` gives to
/// `id`. \pre id < logits.size()
inline double logProbability(std::span<const float> logits, int32_t id) {
  return static_cast<double>(logits[static_cast<size_t>(id)]) -
         logOfSum(logits);
}

} // namespace tritc::sample
