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
  const char *subject; ///< the field that was answered
  const char *streamType = nullptr;
  const char *probe = nullptr; ///< a piece that says nothing
  /// One token more; null where there are none.
  void (*logprob)(const Answer &answer, const Choice &choice, const Told &told,
                  Logprobs &logprobs) = nullptr;
  /// In pieces: before the first one of a choice, each one, behind the last.
  void (*open)(const Answer &answer, const Choice &choice,
               base::Array<char> &out) = nullptr;
  void (*piece)(const Answer &answer, const Choice &choice,
                std::string_view text, const Logprobs &logprobs,
                base::Array<char> &out) = nullptr;
  void (*close)(const Answer &answer, const Choice &choice,
                base::Array<char> &out) = nullptr;
  /// Behind all choices.
  void (*finish)(const Answer &answer, base::Array<char> &out) = nullptr;
  /// All of it.
  void (*whole)(const Answer &answer, base::Array<char> &out) = nullptr;
  /// In pieces: the answer has failed.
  void (*fail)(const Answer &answer, const char *why,
               base::Array<char> &out) = nullptr;
};

/// Prompts, one behind the other.
struct Prompts {
  base::Array<int32_t> ids;
  base::Array<size_t> ends;

  size_t size() const { return ends.size(); }
  std::span<const int32_t> at(size_t index) const {
    size_t begin = index ? ends[index - 1] : 0;
    return {ids.data() + begin, ends[index] - begin};
  }
  void add(std::span<const int32_t> prompt) {
    ids.append(prompt);
    ends.push(ids.size());
  }
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

  //--- What the scheduler is asked --------------------------------------------
  Prompts prompts;
  Job pattern; ///< of all jobs, but for prompt and seed
  Format format = Format::Text;
  base::Array<char> schema;
  size_t samePrompt = 1; ///< so many choices in a row have one prompt
  size_t begun = 0;      ///< choices whose jobs were submitted
  size_t ended = 0;

  void addChoice();
  /// The job of the next choice.
  Job nextJob() const;
  bool isOver() const { return ended == choices.size(); }
  size_t promptTokens() const; ///< of all prompts, each once
  size_t reusedTokens() const;
  size_t answerTokens() const;
};

/// "stop" or "length".
const char *reasonOf(Ending ending);

} // namespace tritc::serve
