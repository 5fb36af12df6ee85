//===- Ollama.cpp - Conversations and texts, as Ollama has them -----------===//

#include "runtime/serve/Forms.h"
#include "runtime/serve/Routes.h"

using namespace tritc;
using namespace tritc::serve;

static constexpr double largest = 9e18;
static constexpr const char *noTools = "the chat template has no place for "
                                       "tools";
static constexpr const char *noImages = "the model takes text alone";

/// Ollama loads models with a context of a client's choice.
static Problem readContextSize(const JsonValue &value, const Place &place,
                               Ask &ask) {
  uint32_t most = ask.model.image.contextSize;
  if (value.kind() != JsonKind::Integer)
    return wrongType(place, "an integer", value);
  if (value.integer() >= 0 && value.integer() <= most)
    return {};
  return problem(400, "invalid_value", place.path,
                 "%s: compiled for at most %u tokens, found %lld", place.path,
                 most, static_cast<long long>(value.integer()));
}

static constexpr FieldRule optionTable[] = {
    {"temperature", &Ask::temperature, 0, 100},
    {"top_k", &Ask::topK, 0, largest},
    {"top_p", &Ask::topP, 0, 1},
    {"min_p", &Ask::minP, 0, 1},
    {"seed", &Ask::seed, -1, largest},
    {"num_predict", &Ask::predict, -2, largest},
    {"num_ctx", readContextSize},
    {"stop", readStops},
    {"repeat_penalty", &Ask::repeatPenalty, 0.01, 100},
    {"repeat_last_n", &Ask::repeatLastN, 0, 4096},
    {"presence_penalty", &Ask::presencePenalty, -2, 2},
    {"frequency_penalty", &Ask::frequencyPenalty, -2, 2},
    {"typical_p", FieldRule::Refused, nullptr, {}, 1},
    {"tfs_z", FieldRule::Refused, nullptr, {}, 1},
    {"mirostat", FieldRule::Refused},
    {"mirostat_tau", FieldRule::Harmless}, // of mirostat
    {"mirostat_eta", FieldRule::Harmless},
    {"penalize_newline", FieldRule::Refused},
    // How Ollama computes; the answer does not depend on it.
    {"num_keep", FieldRule::Harmless},
    {"num_batch", FieldRule::Harmless},
    {"num_gpu", FieldRule::Harmless},
    {"main_gpu", FieldRule::Harmless},
    {"num_thread", FieldRule::Harmless},
    {"low_vram", FieldRule::Harmless},
    {"use_mmap", FieldRule::Harmless},
    {"use_mlock", FieldRule::Harmless},
    {"numa", FieldRule::Harmless},
};

static Problem readOptions(const JsonValue &value, const Place &place,
                           Ask &ask) {
  FieldTable tables[] = {optionTable};
  return readFields(value, tables, place, ask);
}

/// "json", or a schema.
static Problem readFormat(const JsonValue &value, const Place &place,
                          Ask &ask) {
  if (value.kind() == JsonKind::Object)
    return readSchema(value, place, ask);
  if (value.kind() != JsonKind::Text ||
      (value.text() != "json" && !value.text().empty()))
    return problem(400, "invalid_value", place.path,
                   "%s: expected json, or a schema", place.path);
  if (!value.text().empty())
    ask.format = Format::Json;
  return {};
}

/// Ollama loads a model with an empty conversation.
static Problem readChat(const JsonValue &value, const Place &place, Ask &ask) {
  if (value.kind() == JsonKind::List && value.size() == 0)
    return {};
  return readMessages(value, place, ask);
}

static Problem readPrompt(const JsonValue &value, const Place &place,
                          Ask &ask) {
  if (value.kind() != JsonKind::Text)
    return wrongType(place, "a string", value);
  return readInputs(value, place, false, ask);
}

/// Fields of both.
static constexpr FieldRule sharedTable[] = {
    {"model", &Ask::modelName},
    {"stream", &Ask::stream},
    {"options", readOptions},
    {"format", readFormat},
    {"think", FieldRule::Refused},
    {"keep_alive", FieldRule::Harmless}, // the model is always loaded
};

static constexpr FieldRule chatTable[] = {
    {"messages", readChat},
    {"tools", FieldRule::Refused, noTools},
};

static constexpr FieldRule generateTable[] = {
    {"prompt", readPrompt},
    {"system", &Ask::system},
    {"raw", &Ask::raw},
    {"suffix", FieldRule::Refused},
    {"images", FieldRule::Refused, noImages},
    {"template", FieldRule::Refused, "the template is compiled in"},
    {"context", FieldRule::Refused, "/api/chat goes on with a conversation"},
};

/// To who asks for nothing: the model is there.
static void answerLoaded(Service &service, http::Exchange &exchange,
                         const AnswerForm &form) {
  Answer answer(form, exchange, service.model());
  answer.name.append(service.model().name());
  base::Array<char> body;
  form.whole(answer, body);
  exchange.respond(200, "application/json", body.view());
}

void serve::answerOllamaChat(Service &service, http::Exchange &exchange) {
  Ask ask(service.model());
  ask.stream = true;
  FieldTable tables[] = {sharedTable, chatTable};
  if (!service.read(exchange, tables, ask) ||
      !service.checkModel(exchange, ask))
    return;
  if (ask.conversation.isEmpty())
    return answerLoaded(service, exchange, ollamaChatForm);
  service.converse(exchange, ask, ollamaChatForm);
}

void serve::answerOllamaGenerate(Service &service, http::Exchange &exchange) {
  Ask ask(service.model());
  ask.stream = true;
  FieldTable tables[] = {sharedTable, generateTable};
  if (!service.read(exchange, tables, ask) ||
      !service.checkModel(exchange, ask))
    return;
  std::string_view prompt;
  if (!ask.inputs.items.empty())
    prompt = ask.inputs.textOf(ask.inputs.items[0]);
  if (prompt.empty())
    return answerLoaded(service, exchange, ollamaGenerateForm);
  if (!ask.raw) {
    if (!ask.system.empty() && !ask.conversation.takesSystem())
      return service.refuse(exchange,
                            problem(400, "unsupported_parameter", "system",
                                    "system: the chat template has no place "
                                    "for one"));
    ask.conversation.setSystem(ask.system.view());
    ask.conversation.addUser(prompt);
    return service.converse(exchange, ask, ollamaGenerateForm);
  }
  if (Problem found = service.checkBytes(prompt.size(), "prompt"))
    return service.refuse(exchange, found);
  Prompts prompts;
  base::Array<int32_t> ids;
  chat::encodePlain(service.context(), prompt, ids);
  prompts.add(ids);
  service.submit(exchange, ask, std::move(prompts), ollamaGenerateForm);
}
