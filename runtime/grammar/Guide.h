//===- Guide.h - What one answer has to look like -------------------------===//
#pragma once

#include "runtime/base/Owned.h"
#include "runtime/grammar/Matcher.h"

namespace tritc::grammar {

/// A grammar with all that following it takes, and how far an answer has come.
/// For one thread at a time: it shares nothing but the vocabulary.
class Guide {
public:
  /// `vocabulary` outlives the guide.
  explicit Guide(const Vocabulary &vocabulary,
                 size_t stateBytes = Automaton::mostStateBytes,
                 size_t maskBytes = Automaton::mostMaskBytes)
      : vocabulary(vocabulary), stateBytes(stateBytes), maskBytes(maskBytes) {}

  /// To be filled before begin(), and left alone from then on.
  Grammar grammar;

  /// Before the first token; `said` are those that an answer has already.
  void begin(std::span<const int32_t> said = {});
  /// Sets `bits` to a bit for each token that may come next. \returns false if
  /// none may
  bool allowed(std::span<const uint64_t> &bits);
  void accept(int32_t id) { matcher->accept(id); }
  /// Whether the answer may end here.
  bool mayEnd() const { return matcher->mayEnd(); }

private:
  const Vocabulary &vocabulary;
  const size_t stateBytes, maskBytes;
  base::Owned<Automaton> automaton;
  base::Owned<Matcher> matcher; ///< refers to the automaton
  base::Array<uint64_t> mask;
};

} // namespace tritc::grammar
