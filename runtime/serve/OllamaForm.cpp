//===- OllamaForm.cpp - Answers as Ollama's clients read them -------------===//

#include "runtime/exec/Clock.h"
#include "runtime/serve/Forms.h"
#include "runtime/serve/Problem.h"
#include "runtime/serve/Times.h"

using namespace tritc;
using namespace tritc::serve;

/// Members in front, and what is said.
static void writeSaid(JsonWriter &json, const Answer &answer,
                      std::string_view text, bool isDone) {
  char time[40];
  writeTime(time, nowInNanoseconds());
  json.beginObject().member("model", answer.name.view());
  json.member("created_at", time);
  if (&answer.form == &ollamaChatForm) {
    json.key("message").beginObject().member("role", "assistant");
    json.member("content", text).endObject();
  } else {
    json.member("response", text);
  }
  json.key("done").boolean(isDone);
}

static int64_t nanoseconds(double seconds) {
  return static_cast<int64_t>(1e9 * seconds);
}

/// Why it ended, and counts and times, which Ollama has in nanoseconds.
static void writeDone(JsonWriter &json, const Answer &answer) {
  if (answer.choices.empty()) {
    json.member("done_reason", "load").endObject();
    return;
  }
  const Summary &summary = answer.choices[0]->summary;
  json.member("done_reason", reasonOf(summary.ending));
  json.member("total_duration",
              nanoseconds(exec::monotonicSeconds() - answer.since));
  json.member("load_duration", int64_t{0});
  json.member("prompt_eval_count", static_cast<int64_t>(summary.promptTokens));
  json.member("prompt_eval_duration", nanoseconds(summary.promptSeconds));
  json.member("eval_count", static_cast<int64_t>(summary.answerTokens));
  json.member("eval_duration", nanoseconds(summary.answerSeconds));
  json.endObject();
}

static void open(const Answer &, const Choice &, base::Array<char> &) {}

static void piece(const Answer &answer, const Choice &, std::string_view text,
                  const Logprobs &, base::Array<char> &out) {
  JsonWriter json(out);
  writeSaid(json, answer, text, false);
  json.endObject();
  out.push('\n');
}

static void close(const Answer &, const Choice &, base::Array<char> &) {}

static void finish(const Answer &answer, base::Array<char> &out) {
  JsonWriter json(out);
  writeSaid(json, answer, "", true);
  writeDone(json, answer);
  out.push('\n');
}

static void whole(const Answer &answer, base::Array<char> &out) {
  JsonWriter json(out);
  writeSaid(json, answer,
            answer.choices.empty() ? "" : answer.choices[0]->text.view(), true);
  writeDone(json, answer);
}

static void fail(const Answer &, const char *why, base::Array<char> &out) {
  writeProblem(problem(500, nullptr, "", "%s", why), true, out);
  out.push('\n');
}

const AnswerForm serve::ollamaChatForm = {"messages", "application/x-ndjson",
                                          " ",        nullptr,
                                          open,       piece,
                                          close,      finish,
                                          whole,      fail};

const AnswerForm serve::ollamaGenerateForm = {"prompt", "application/x-ndjson",
                                              " ",      nullptr,
                                              open,     piece,
                                              close,    finish,
                                              whole,    fail};
