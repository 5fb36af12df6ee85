//===- AnswerForm.h - What an answer has to look like ---------------------===//
#pragma once

#include "runtime/chat/Model.h"
#include "runtime/chat/Options.h"

namespace tritc::chat {

/// What grammars can do for a form: a table, so that a program may be linked
/// without them.
struct FormSteps {
  /// Makes a form of the text of --grammar, or of --json-schema.
  base::Failure (*make)(const Model &model, bool isSchema,
                        std::string_view text, void *&made);
  void (*destroy)(void *made);
  void (*begin)(void *made, std::span<const int32_t> said);
  bool (*allowed)(void *made, std::span<const uint64_t> &bits);
  void (*accept)(void *made, int32_t id);
  bool (*mayEnd)(const void *made);
};

/// The grammar of --grammar or --json-schema, and how far an answer has come in
/// it. Without either, anything is allowed and nothing is made.
class AnswerForm {
public:
  explicit AnswerForm(const Model &model) : model(model) {}
  ~AnswerForm();
  AnswerForm(const AnswerForm &) = delete;

  /// Reads what `settings` name. Usage, Unreadable or Malformed with the
  /// option's name.
  base::Failure load(const Settings &settings);

  bool isAny() const { return !made; }
  /// Before the first token; `said` are those that an answer has already.
  void begin(std::span<const int32_t> said);
  /// A bit for each token that may come next; empty where anything may. False
  /// if nothing goes on.
  bool allowed(std::span<const uint64_t> &bits);
  void accept(int32_t id);
  /// Whether the answer may end here.
  bool mayEnd() const;

private:
  const Model &model;
  void *made = nullptr; ///< what FormSteps know
};

} // namespace tritc::chat
