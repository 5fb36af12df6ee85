//===- VectorForm.cpp - Vectors as clients read them ----------------------===//

#include "runtime/exec/Clock.h"
#include "runtime/serve/Forms.h"

using namespace tritc;
using namespace tritc::serve;

/// Little-endian floats, three bytes in four letters.
static void appendBase64(std::span<const float> vector,
                         base::Array<char> &out) {
  constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789+/";
  auto *bytes = reinterpret_cast<const unsigned char *>(vector.data());
  size_t count = vector.size() * sizeof(float);
  for (size_t i = 0; i < count; i += 3) {
    uint32_t group = static_cast<uint32_t>(bytes[i]) << 16;
    group |= i + 1 < count ? static_cast<uint32_t>(bytes[i + 1]) << 8 : 0;
    group |= i + 2 < count ? bytes[i + 2] : 0u;
    out.push(letters[group >> 18]);
    out.push(letters[group >> 12 & 63]);
    out.push(i + 1 < count ? letters[group >> 6 & 63] : '=');
    out.push(i + 2 < count ? letters[group & 63] : '=');
  }
}

/// Nine digits give the float back.
static void writeVector(JsonWriter &json, const Answer &answer,
                        const Choice &choice) {
  if (answer.isBase64) {
    base::Array<char> letters;
    appendBase64(choice.vector, letters);
    json.text(letters.view());
    return;
  }
  json.beginList();
  for (float value : choice.vector)
    json.number(static_cast<double>(value));
  json.endList();
}

static void wholeOpenAi(const Answer &answer, base::Array<char> &out) {
  JsonWriter json(out);
  json.beginObject().member("object", "list").key("data").beginList();
  for (const Choice *choice : answer.choices) {
    json.beginObject().member("object", "embedding");
    json.member("index", static_cast<int64_t>(choice->index));
    writeVector(json.key("embedding"), answer, *choice);
    json.endObject();
  }
  auto tokens = static_cast<int64_t>(answer.promptTokens());
  json.endList().member("model", answer.name.view());
  json.key("usage").beginObject().member("prompt_tokens", tokens);
  json.member("total_tokens", tokens).endObject().endObject();
}

static void wholeOllama(const Answer &answer, base::Array<char> &out) {
  JsonWriter json(out);
  json.beginObject().member("model", answer.name.view());
  json.key("embeddings").beginList();
  for (const Choice *choice : answer.choices)
    writeVector(json, answer, *choice);
  json.endList();
  double seconds = exec::monotonicSeconds() - answer.since;
  json.member("total_duration", static_cast<int64_t>(1e9 * seconds));
  json.member("load_duration", int64_t{0});
  json.member("prompt_eval_count", static_cast<int64_t>(answer.promptTokens()));
  json.endObject();
}

const AnswerForm serve::embeddingForm = {.subject = "input",
                                         .whole = wholeOpenAi};
const AnswerForm serve::ollamaEmbedForm = {.subject = "input",
                                           .whole = wholeOllama};
