//===- Pooling.cpp - The states of a text's tokens, as one vector ---------===//

#include "runtime/exec/Pooling.h"

#include <cmath>

using namespace tritc;
using namespace tritc::exec;

void tritc::exec::normalize(std::span<float> vector) {
  constexpr size_t lanes = 16;
  float sums[lanes] = {};
  for (size_t i = 0; i < vector.size(); ++i)
    sums[i % lanes] = fmaf(vector[i], vector[i], sums[i % lanes]);
  for (size_t half = lanes / 2; half > 0; half /= 2)
    for (size_t lane = 0; lane < half; ++lane)
      sums[lane] += sums[lane + half];
  float length = fmaxf(sqrtf(sums[0]), 1e-12f);
  for (float &value : vector)
    value /= length;
}

size_t Pooler::firstNeeded(size_t tokens) const {
  for (uint32_t i = 0; i < pooling.modeCount; ++i)
    if (pooling.modes[i] != TRITC_POOL_LAST)
      return 0;
  return tokens - 1;
}

void Pooler::begin() {
  count = 0;
  parts.resize(0);
  parts.resize(vectorSize());
}

/// A NaN stays.
static float larger(float a, float b) { return b > a || b != b ? b : a; }

void Pooler::add(TritcPoolingMode mode, std::span<const float> state,
                 float *part) {
  bool isFirst = count == 0;
  float weight = static_cast<float>(count + 1);
  for (size_t i = 0; i < width; ++i)
    switch (mode) {
    case TRITC_POOL_FIRST:
      part[i] = isFirst ? state[i] : part[i];
      break;
    case TRITC_POOL_LAST:
      part[i] = state[i];
      break;
    case TRITC_POOL_MAX:
      part[i] = isFirst ? state[i] : larger(part[i], state[i]);
      break;
    case TRITC_POOL_MEAN:
    case TRITC_POOL_MEAN_SQRT:
      part[i] = isFirst ? state[i] : part[i] + state[i];
      break;
    case TRITC_POOL_WEIGHTED_MEAN:
      part[i] = isFirst ? state[i] : part[i] + state[i] * weight;
      break;
    }
}

void Pooler::add(std::span<const float> state) {
  for (uint32_t i = 0; i < pooling.modeCount; ++i)
    add(static_cast<TritcPoolingMode>(pooling.modes[i]), state, part(i));
  ++count;
}

void Pooler::finish(TritcPoolingMode mode, float *part) {
  // Exact: a context has at most 2^24 tokens.
  float divisor = static_cast<float>(count);
  switch (mode) {
  case TRITC_POOL_FIRST:
  case TRITC_POOL_MAX:
  case TRITC_POOL_LAST:
    return;
  case TRITC_POOL_MEAN:
    break;
  case TRITC_POOL_MEAN_SQRT:
    divisor = sqrtf(divisor);
    break;
  case TRITC_POOL_WEIGHTED_MEAN:
    divisor = static_cast<float>(uint64_t{count} * (count + 1) / 2);
    break;
  }
  for (size_t i = 0; i < width; ++i)
    part[i] /= divisor;
}

std::span<const float> Pooler::finish() {
  for (uint32_t i = 0; i < pooling.modeCount; ++i)
    finish(static_cast<TritcPoolingMode>(pooling.modes[i]), part(i));
  if (pooling.normalizes && !tritc_rows_are_unit(&pooling))
    normalize(parts);
  return parts;
}
