//===- AnswerForm.h - What an answer has to look like ---------------------===//
#pragma once

#include "runtime/base/Owned.h"
#include "runtime/chat/Model.h"
#include "runtime/chat/Options.h"
#include "runtime/grammar/Matcher.h"

namespace tritc::chat {

/// The grammar of --grammar or --json-schema, and how far an answer has come in
/// it. Without either, anything is allowed and nothing is made.
class AnswerForm {
public:
  explicit AnswerForm(const Model &model) : model(model) {}

  /// Reads what `settings` name. Usage, Unreadable or Malformed with the
  /// option's name.
  base::Failure load(const Settings &settings);

  bool isAny() const { return !matcher; }
  /// Before the first token; `said` are those that an answer has already.
  void begin(std::span<const int32_t> said);
  /// A bit for each token that may come next; empty where anything may. False
  /// if nothing goes on.
  bool allowed(std::span<const uint64_t> &bits);
  void accept(int32_t id);
  /// Whether the answer may end here.
  bool mayEnd() const { return !matcher || matcher->mayEnd(); }

private:
  const Model &model;
  grammar::Grammar grammar;
  base::Owned<grammar::Vocabulary> vocabulary;
  base::Owned<grammar::Automaton> automaton;
  base::Owned<grammar::Matcher> matcher;
  base::Array<uint64_t> mask;
};

} // namespace tritc::chat
