//===- OpenAiForm.cpp - Answers as OpenAI's clients read them -------------===//

#include "runtime/serve/Forms.h"

#include "runtime/serve/Problem.h"
#include "runtime/text/Utf8.h"

using namespace tritc;
using namespace tritc::serve;

namespace {
/// What differs between conversations and texts that are continued.
struct Names {
  const char *prefix, *whole, *piece;
};
constexpr Names chatNames = {"chatcmpl-", "chat.completion",
                             "chat.completion.chunk"};
constexpr Names textNames = {"cmpl-", "text_completion", "text_completion"};
} // namespace

static bool isChat(const Answer &answer) {
  return &answer.form == &chatCompletionForm;
}

static const Names &namesOf(const Answer &answer) {
  return isChat(answer) ? chatNames : textNames;
}

/// Members in front of the choices.
static void writeHead(JsonWriter &json, const Answer &answer,
                      const char *object) {
  char id[64];
  snprintf(id, sizeof(id), "%s%s", namesOf(answer).prefix, answer.id);
  json.beginObject().member("id", id).member("object", object);
  json.member("created", answer.created).member("model", answer.name.view());
}

static void writeUsage(JsonWriter &json, const Answer &answer) {
  auto prompt = static_cast<int64_t>(answer.promptTokens());
  auto said = static_cast<int64_t>(answer.answerTokens());
  json.key("usage").beginObject();
  json.member("prompt_tokens", prompt).member("completion_tokens", said);
  json.member("total_tokens", prompt + said);
  json.key("prompt_tokens_details").beginObject();
  json.member("cached_tokens", static_cast<int64_t>(answer.reusedTokens()));
  json.endObject().endObject();
}

//===----------------------------------------------------------------------===//
// Logarithms of probabilities
//===----------------------------------------------------------------------===//

static void writeToken(JsonWriter &json, const Answer &answer, int32_t id,
                       double logprob) {
  std::string_view bytes = answer.model.tokenizer.bytesOf(id);
  json.member("token", bytes).key("logprob").number(logprob);
  json.key("bytes").beginList();
  for (char byte : bytes)
    json.integer(static_cast<unsigned char>(byte));
  json.endList();
}

static void chatLogprob(const Answer &answer, const Choice &, const Told &told,
                        Logprobs &logprobs) {
  JsonWriter json(logprobs.add(0));
  json.beginObject();
  writeToken(json, answer, told.id, told.logprob);
  json.key("top_logprobs").beginList();
  for (const Likely &likely : told.top) {
    json.beginObject();
    writeToken(json, answer, likely.id, likely.logprob);
    json.endObject();
  }
  json.endList().endObject();
}

/// A token as the name of a member; bytes that are no text as OpenAI has them.
static void spell(const Answer &answer, int32_t id, base::Array<char> &out) {
  std::string_view bytes = answer.model.tokenizer.bytesOf(id);
  out.clear();
  if (text::wellFormedPrefix(bytes) == bytes.size())
    return out.append(bytes);
  out.append("bytes:");
  char escape[8];
  for (char byte : bytes) {
    snprintf(escape, sizeof(escape), "\\x%02x",
             static_cast<unsigned>(static_cast<unsigned char>(byte)));
    out.append(escape);
  }
}

/// What the columns of a text's tokens are called.
static constexpr const char *columnNames[] = {"tokens", "token_logprobs",
                                              "top_logprobs", "text_offset"};

static void textLogprob(const Answer &answer, const Choice &choice,
                        const Told &told, Logprobs &logprobs) {
  base::Array<char> name, other;
  spell(answer, told.id, name);
  JsonWriter(logprobs.add(0)).text(name.view());
  JsonWriter(logprobs.add(1)).number(told.logprob);
  JsonWriter json(logprobs.add(2));
  json.beginObject();
  for (size_t i = 0; i < told.top.size(); ++i) {
    spell(answer, told.top[i].id, name);
    bool isNew = true; // ids without a meaning all have the same, empty text
    for (size_t j = 0; j < i; ++j) {
      spell(answer, told.top[j].id, other);
      isNew &= name.view() != other.view();
    }
    if (isNew)
      json.key(name.view()).number(told.top[i].logprob);
  }
  json.endObject();
  JsonWriter(logprobs.add(3)).integer(static_cast<int64_t>(choice.textOffset));
}

static void writeLogprobs(JsonWriter &json, const Answer &answer,
                          const Logprobs &logprobs) {
  json.key("logprobs");
  if (!answer.wantsLogprobs) {
    json.null();
    return;
  }
  json.beginObject();
  if (isChat(answer)) {
    json.key("content").beginList().raw(logprobs.columns[0].view()).endList();
    json.key("refusal").null();
  } else {
    for (size_t i = 0; i < std::size(columnNames); ++i)
      json.key(columnNames[i])
          .beginList()
          .raw(logprobs.columns[i].view())
          .endList();
  }
  json.endObject();
}

//===----------------------------------------------------------------------===//
// In pieces
//===----------------------------------------------------------------------===//

namespace {
/// A piece: everything around its one choice.
class Piece {
public:
  Piece(const Answer &answer, base::Array<char> &out)
      : json(out), answer(answer), out(out) {
    out.append("data: ");
    writeHead(json, answer, namesOf(answer).piece);
    json.key("choices").beginList();
  }
  ~Piece() {
    json.endList();
    if (answer.includeUsage)
      json.key("usage").null();
    json.endObject();
    out.append("\n\n");
  }

  JsonWriter json;

private:
  const Answer &answer;
  base::Array<char> &out;
};
} // namespace

static void writePiece(const Answer &answer, const Choice &choice,
                       const char *role, std::string_view text,
                       const Logprobs &logprobs, const char *reason,
                       base::Array<char> &out) {
  Piece piece(answer, out);
  JsonWriter &json = piece.json;
  json.beginObject().member("index", static_cast<int64_t>(choice.index));
  if (isChat(answer)) {
    json.key("delta").beginObject();
    if (role)
      json.member("role", role);
    if (!reason)
      json.member("content", text);
    json.endObject();
  } else {
    json.member("text", text);
  }
  bool isEmpty = logprobs.columns[0].empty();
  if (answer.wantsLogprobs && !isEmpty)
    writeLogprobs(json, answer, logprobs);
  else
    json.key("logprobs").null();
  json.key("finish_reason");
  reason ? json.text(reason) : json.null();
  json.endObject();
}

static void openChat(const Answer &answer, const Choice &choice,
                     base::Array<char> &out) {
  writePiece(answer, choice, "assistant", "", {}, nullptr, out);
}

static void openText(const Answer &, const Choice &, base::Array<char> &) {}

static void piece(const Answer &answer, const Choice &choice,
                  std::string_view text, const Logprobs &logprobs,
                  base::Array<char> &out) {
  writePiece(answer, choice, nullptr, text, logprobs, nullptr, out);
}

static void close(const Answer &answer, const Choice &choice,
                  base::Array<char> &out) {
  writePiece(answer, choice, nullptr, "", {}, reasonOf(choice.summary.ending),
             out);
}

static void finish(const Answer &answer, base::Array<char> &out) {
  if (answer.includeUsage) {
    out.append("data: ");
    JsonWriter json(out);
    writeHead(json, answer, namesOf(answer).piece);
    json.key("choices").beginList().endList();
    writeUsage(json, answer);
    json.endObject();
    out.append("\n\n");
  }
  out.append("data: [DONE]\n\n");
}

static void fail(const Answer &, const char *why, base::Array<char> &out) {
  out.append("data: ");
  writeProblem(problem(500, "broken_off", "", "%s", why), false, out);
  out.append("\n\n");
}

//===----------------------------------------------------------------------===//
// Whole
//===----------------------------------------------------------------------===//

static void whole(const Answer &answer, base::Array<char> &out) {
  JsonWriter json(out);
  writeHead(json, answer, namesOf(answer).whole);
  json.key("choices").beginList();
  for (const Choice *choice : answer.choices) {
    json.beginObject().member("index", static_cast<int64_t>(choice->index));
    if (isChat(answer)) {
      json.key("message").beginObject().member("role", "assistant");
      json.member("content", choice->text.view());
      json.key("refusal").null().endObject();
    } else {
      json.member("text", choice->text.view());
    }
    writeLogprobs(json, answer, choice->logprobs);
    json.member("finish_reason", reasonOf(choice->summary.ending));
    json.endObject();
  }
  json.endList();
  writeUsage(json, answer);
  json.endObject();
}

const AnswerForm serve::chatCompletionForm = {"messages", "text/event-stream",
                                              ":\n\n",    chatLogprob,
                                              openChat,   piece,
                                              close,      finish,
                                              whole,      fail};

const AnswerForm serve::completionForm = {"prompt", "text/event-stream",
                                          ":\n\n",  textLogprob,
                                          openText, piece,
                                          close,    finish,
                                          whole,    fail};
