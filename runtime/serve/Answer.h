//===- Answer.h - An answer that is being written -------------------------===//
#pragma once

#include "runtime/http/Exchange.h"
#include "runtime/serve/Ask.h"
#include "runtime/serve/JsonWriter.h"
#include "runtime/serve/Outbox.h"

namespace tritc::serve {

struct Answer;

/// Of the tokens of a choice, as the form of the answer has it: elements of
/// JSON lists, with commas.
struct Logprobs {
  base::Array<char> columns[4];

  /// The column, with a comma behind what it has.
  base::Array<char> &add(size_t column) {
    columns[column].append(columns[column].empty() ? "" : ",");
    return columns[column];
  }
  void clear() {
    for (base::Array<char> &column : columns)
      column.clear();
  }
};

/// One of the answers to a request.
struct Choice {
  uint64_t job = 0;
  size_t index = 0;
  bool isOver = false;
  base::Array<char> text;
  Logprobs logprobs;
  size_t textOffset = 0;     ///< bytes told so far
  base::Array<float> vector; ///< of a model that embeds
  Summary summary = {};
};

/// How an answer is written, whole or in pieces. All append to `out`; one that
/// has no pieces has null for them.
struct AnswerForm {
  const char *streamType;
  const char *probe; ///< a piece that says nothing
  /// One token more; null where there are none.
  void (*logprob)(const Answer &answer, const Choice &choice, const Told &told,
                  Logprobs &logprobs);
  /// In pieces: before the first one of a choice, each one, behind the last.
  void (*open)(const Answer &answer, const Choice &choice,
               base::Array<char> &out);
  void (*piece)(const Answer &answer, const Choice &choice,
                std::string_view text, const Logprobs &logprobs,
                base::Array<char> &out);
  void (*close)(const Answer &answer, const Choice &choice,
                base::Array<char> &out);
  /// Behind all choices.
  void (*finish)(const Answer &answer, base::Array<char> &out);
  /// All of it.
  void (*whole)(const Answer &answer, base::Array<char> &out);
  /// In pieces: the answer has failed.
  void (*fail)(const Answer &answer, const char *why, base::Array<char> &out);
};

/// What is answered to one exchange.
struct Answer {
  Answer(const AnswerForm &form, http::Exchange &exchange,
         const chat::Model &model)
      : form(form), exchange(exchange), model(model) {}
  ~Answer();

  const AnswerForm &form;
  http::Exchange &exchange;
  const chat::Model &model;
  bool streams = false, includeUsage = false, wantsLogprobs = false;
  bool isBase64 = false;
  char id[33] = "";       ///< of no other answer
  int64_t created = 0;    ///< seconds since 1970
  double since = 0;       ///< of the monotonic clock
  base::Array<char> name; ///< of the model, as the client called it
  base::Array<Choice *> choices;

  void addChoice();
  Choice *choiceOf(uint64_t job);
  bool isOver() const;
  size_t promptTokens() const; ///< of all prompts, each once
  size_t reusedTokens() const;
  size_t answerTokens() const;
  size_t samePrompt = 1; ///< so many choices in a row have one prompt
};

/// "stop" or "length".
const char *reasonOf(Ending ending);

} // namespace tritc::serve
