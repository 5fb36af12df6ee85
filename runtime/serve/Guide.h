//===- Guide.h - What a job's answer has to look like ---------------------===//
#pragma once

#include "runtime/base/Owned.h"
#include "runtime/grammar/Matcher.h"

namespace tritc::serve {

/// A grammar, and how far an answer has come in it. Each job has one of its
/// own, since answers are chosen on several threads.
class Guide {
public:
  /// `vocabulary` outlives the guide.
  explicit Guide(const grammar::Vocabulary &vocabulary)
      : vocabulary(vocabulary) {}

  /// To be filled before begin().
  grammar::Grammar grammar;

  /// Before the first token.
  void begin();
  /// Sets `bits` to a bit for each token that may come next. \returns false if
  /// none may
  bool allowed(std::span<const uint64_t> &bits);
  void accept(int32_t id) { matcher->accept(id); }
  /// Whether the answer may end here.
  bool mayEnd() const { return matcher->mayEnd(); }

private:
  const grammar::Vocabulary &vocabulary;
  base::Owned<grammar::Automaton> automaton;
  base::Owned<grammar::Matcher> matcher;
  base::Array<uint64_t> mask;
};

} // namespace tritc::serve
