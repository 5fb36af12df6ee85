//===- Rules.h - The steps that narrow the choice down --------------------===//
//
// Each rule is one file of its own name. Sampler.cpp holds their order.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/sample/Candidates.h"

#include <span>

namespace tritc::sample {

/// Added to the logit of a token; minus infinity: only where nothing else is
/// left.
struct LogitBias {
  int32_t id;
  float bias;
};

/// How often a token was said.
struct TokenCount {
  int32_t id;
  uint32_t count;
};

/// What a user may choose. The defaults leave the model's distribution as it
/// is.
struct SamplerOptions {
  double temperature = 1;      ///< 0: always the best token
  int64_t topK = 0;            ///< 0: off
  double topP = 1;             ///< 1: off
  double minP = 0;             ///< 0: off
  double repeatPenalty = 1;    ///< 1: off
  int64_t repeatLastN = 64;    ///< tokens the penalty looks back; 0: off
  double frequencyPenalty = 0; ///< 0: off
  double presencePenalty = 0;  ///< 0: off
  std::span<const LogitBias> logitBias = {}; ///< of ids of the vocabulary

  /// Whether logits change before a choice is made among them.
  bool changesLogits() const {
    return repeatPenalty != 1 || frequencyPenalty != 0 ||
           presencePenalty != 0 || !logitBias.empty();
  }
};

/// Adds to logits what the user says of their tokens. Needs the whole
/// vocabulary, ordered by id, as the penalties do.
void applyLogitBias(Candidates &candidates, const SamplerOptions &options);

/// Makes each token of `recent` (once, however often it occurs) less likely: a
/// positive logit is divided by the penalty, another one multiplied with it
/// (Keskar et al. 2019, section 4.1). Needs the whole vocabulary, ordered by
/// id.
void applyRepeatPenalty(Candidates &candidates, std::span<const int32_t> recent,
                        const SamplerOptions &options);

/// Lowers the logit of each token of `said` by the frequency penalty as often
/// as it was said, and by the presence penalty once (OpenAI's definition;
/// negative ones raise it). Needs the whole vocabulary, ordered by id.
void applyCountPenalties(Candidates &candidates,
                         std::span<const TokenCount> said,
                         const SamplerOptions &options);

/// Keeps the tokens whose bit is set: bit id % 64 of word id / 64. Needs the
/// whole vocabulary, ordered by id; keeps the order.
void keepAllowed(Candidates &candidates, std::span<const uint64_t> allowed);

/// Keeps the `topK` best (Fan et al. 2018).
void applyTopK(Candidates &candidates, const SamplerOptions &options);

/// Keeps the fewest of the best whose probabilities reach `topP` together
/// (Holtzman et al. 2019).
void applyTopP(Candidates &candidates, const SamplerOptions &options);

/// Keeps what is at least `minP` times as likely as the best (Nguyen et al.
/// 2024).
void applyMinP(Candidates &candidates, const SamplerOptions &options);

/// Index of a candidate drawn with probability proportional to
/// e^(logit / temperature). `uniform` is in [0, 1).
size_t draw(Candidates &candidates, double uniform,
            const SamplerOptions &options);

} // namespace tritc::sample
