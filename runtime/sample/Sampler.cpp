//===- Sampler.cpp - Logits in, the next token out ------------------------===//

#include "runtime/sample/Sampler.h"
#include "runtime/sample/VectorMath.h"

using namespace tritc;

/// Upper limit of SamplerOptions::repeatLastN.
static constexpr size_t historySize = 4096;

/// The order in which llama.cpp's default chain narrows the choice down; bias,
/// penalties and what is allowed come before it, temperature and the draw after
/// it.
static constexpr void (*chain[])(sample::Candidates &,
                                 const sample::SamplerOptions &) = {
    sample::applyTopK,
    sample::applyTopP,
    sample::applyMinP,
};

sample::Sampler::Sampler(size_t vocabSize, uint64_t seed) : numbers(seed) {
  candidates.reserve(vocabSize);
  accepted.reserve(2 * historySize);
  said.reserve(historySize);
}

void sample::Sampler::accept(int32_t id) {
  if (accepted.size() == 2 * historySize) {
    memmove(accepted.data(), accepted.data() + historySize,
            historySize * sizeof(int32_t));
    accepted.resize(historySize);
  }
  accepted.push(id);
  if (!isAnswering)
    return;
  for (TokenCount &token : said)
    if (token.id == id) {
      ++token.count;
      return;
    }
  said.push({id, 1});
}

std::span<const int32_t>
sample::Sampler::recent(const SamplerOptions &options) const {
  size_t wanted =
      static_cast<size_t>(std::max<int64_t>(options.repeatLastN, 0));
  wanted = std::min({wanted, historySize, accepted.size()});
  return {accepted.data() + accepted.size() - wanted, wanted};
}

int32_t sample::Sampler::choose(std::span<const float> logits,
                                const SamplerOptions &options,
                                std::span<const uint64_t> allowed) {
  bool isGreedy = options.temperature <= 0;
  if (isGreedy && !options.changesLogits() && allowed.empty())
    return static_cast<int32_t>(indexOfMaximum(logits));

  candidates.logits.clear();
  candidates.logits.append(logits);
  applyLogitBias(candidates, options);
  applyRepeatPenalty(candidates, recent(options), options);
  applyCountPenalties(candidates, said, options);
  if (isGreedy && allowed.empty())
    return static_cast<int32_t>(indexOfMaximum(candidates.logits));

  makeFinite(candidates.logits);
  candidates.ids.resize(logits.size());
  for (size_t i = 0; i < logits.size(); ++i)
    candidates.ids[i] = static_cast<int32_t>(i);
  candidates.isSorted = false;
  if (!allowed.empty())
    keepAllowed(candidates, allowed);
  if (candidates.size() == 0)
    return -1;
  if (isGreedy)
    return candidates.ids[indexOfMaximum(candidates.logits)];
  for (auto rule : chain)
    rule(candidates, options);
  return candidates.ids[draw(candidates, numbers.uniform(), options)];
}
