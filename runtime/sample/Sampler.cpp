//===- Sampler.cpp - Logits in, the next token out ------------------------===//

#include "runtime/sample/Sampler.h"
#include "runtime/sample/VectorMath.h"

using namespace tritc;

/// Upper limit of SamplerOptions::repeatLastN.
static constexpr size_t historySize = 4096;

/// The order in which llama.cpp's default chain narrows the choice down; the
/// repeat penalty comes before it, temperature and the draw after it.
static constexpr void (*chain[])(sample::Candidates &,
                                 const sample::SamplerOptions &) = {
    sample::applyTopK,
    sample::applyTopP,
    sample::applyMinP,
};

sample::Sampler::Sampler(size_t vocabSize, uint64_t seed) : numbers(seed) {
  candidates.reserve(vocabSize);
  accepted.reserve(2 * historySize);
}

void sample::Sampler::accept(int32_t id) {
  if (accepted.size() == 2 * historySize) {
    memmove(accepted.data(), accepted.data() + historySize,
            historySize * sizeof(int32_t));
    accepted.resize(historySize);
  }
  accepted.push(id);
}

std::span<const int32_t>
sample::Sampler::recent(const SamplerOptions &options) const {
  size_t wanted =
      static_cast<size_t>(std::max<int64_t>(options.repeatLastN, 0));
  wanted = std::min({wanted, historySize, accepted.size()});
  return {accepted.data() + accepted.size() - wanted, wanted};
}

int32_t sample::Sampler::choose(std::span<const float> logits,
                                const SamplerOptions &options) {
  if (options.temperature <= 0 && options.repeatPenalty == 1)
    return static_cast<int32_t>(indexOfMaximum(logits));

  candidates.logits.clear();
  candidates.logits.append(logits);
  applyRepeatPenalty(candidates, recent(options), options);
  if (options.temperature <= 0)
    return static_cast<int32_t>(indexOfMaximum(candidates.logits));

  makeFinite(candidates.logits);
  candidates.ids.resize(logits.size());
  for (size_t i = 0; i < logits.size(); ++i)
    candidates.ids[i] = static_cast<int32_t>(i);
  candidates.isSorted = false;
  for (auto rule : chain)
    rule(candidates, options);
  return candidates.ids[draw(candidates, numbers.uniform(), options)];
}
