//===- Sampler.h - Logits in, the next token out --------------------------===//
#pragma once

#include "runtime/sample/Random.h"
#include "runtime/sample/Rules.h"

namespace tritc::sample {

/// Chooses tokens. For one seed, one sequence of logits and options gives one
/// sequence of tokens, on every machine. Allocates only when it is made, and
/// for an answer of more than 4,096 different tokens.
class Sampler {
public:
  Sampler(size_t vocabSize, uint64_t seed);

  /// Chooses among `logits` [vocabSize]; leaves them as they are. NaN is never
  /// chosen while there is a number. `allowed`, if it has words, has a bit for
  /// each token that may be chosen; -1 if there is none. Does not accept() the
  /// choice.
  int32_t choose(std::span<const float> logits, const SamplerOptions &options,
                 std::span<const uint64_t> allowed = {});

  /// Tells the penalties that `id` was read or, behind beginAnswer(), written.
  void accept(int32_t id);
  /// From here on tokens are those of an answer.
  void beginAnswer() {
    said.clear();
    isAnswering = true;
  }
  /// Forgets what was accepted.
  void forget() {
    accepted.clear();
    said.clear();
    isAnswering = false;
  }
  void reseed(uint64_t seed) { numbers = Random(seed); }
  /// Where the sequence of random numbers is.
  const Random &random() const { return numbers; }
  void restore(const Random &random) { numbers = random; }

private:
  std::span<const int32_t> recent(const SamplerOptions &options) const;

  Candidates candidates;
  base::Array<int32_t> accepted; ///< the last `historySize` to twice as many
  base::Array<TokenCount> said;  ///< by the answer, each token once
  bool isAnswering = false;
  Random numbers;
};

} // namespace tritc::sample
