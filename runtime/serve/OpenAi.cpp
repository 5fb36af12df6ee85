//===- OpenAi.cpp - Conversations and texts, as OpenAI has them -----------===//

#include "runtime/serve/Forms.h"
#include "runtime/serve/Routes.h"

using namespace tritc;
using namespace tritc::serve;

static constexpr double largest = 9e18;
static constexpr const char *noTools = "the chat template has no place for "
                                       "tools";
static constexpr const char *textOnly = "the model writes text alone";

static Problem readModalities(const JsonValue &value, const Place &place,
                              Ask &) {
  if (value.kind() != JsonKind::List)
    return wrongType(place, "a list", value);
  for (JsonValue item = value.first(); item; item = item.next())
    if (item.kind() != JsonKind::Text || item.text() != "text")
      return problem(400, "unsupported_value", place.path, "%s: %s", place.path,
                     textOnly);
  return {};
}

static constexpr FieldRule chatTable[] = {
    {"messages", readMessages},
    {"max_completion_tokens", &Ask::otherPredict, 0, largest},
    {"logprobs", &Ask::wantsLogprobs},
    {"top_logprobs", &Ask::topLogprobs, 0, mostLogprobs},
    {"modalities", readModalities},
    {"audio", FieldRule::Refused, textOnly},
    {"tools", FieldRule::Refused, noTools},
    {"tool_choice", FieldRule::Refused, noTools, "none"},
    {"functions", FieldRule::Refused, noTools},
    {"function_call", FieldRule::Refused, noTools, "none"},
    {"parallel_tool_calls", FieldRule::Harmless}, // there are no tools
    {"prediction", FieldRule::Refused},
    {"reasoning_effort", FieldRule::Refused, nullptr, "none"},
    {"verbosity", FieldRule::Refused},
    {"web_search_options", FieldRule::Refused},
};

/// Fields that depend on each other.
static Problem checkChat(Ask &ask) {
  if (ask.conversation.isEmpty())
    return missing("messages");
  if (ask.topLogprobs >= 0 && !ask.wantsLogprobs)
    return problem(400, "invalid_value", "top_logprobs",
                   "top_logprobs: expected logprobs to be true");
  return {};
}

void serve::answerChatCompletions(Service &service, http::Exchange &exchange) {
  Ask ask(service.model());
  FieldTable tables[] = {generationFields(), chatTable};
  if (!service.read(exchange, tables, ask) ||
      !service.checkModel(exchange, ask))
    return;
  if (Problem found = checkChat(ask))
    return service.refuse(exchange, found);
  if (ask.otherPredict >= 0)
    ask.predict = ask.otherPredict;
  service.converse(exchange, ask, chatCompletionForm);
}

//===----------------------------------------------------------------------===//
// Texts that are continued
//===----------------------------------------------------------------------===//

static Problem readPrompt(const JsonValue &value, const Place &place,
                          Ask &ask) {
  return readInputs(value, place, true, ask);
}

static Problem readLogprobs(const JsonValue &value, const Place &place,
                            Ask &ask) {
  ask.wantsLogprobs = true;
  if (value.kind() != JsonKind::Integer || value.integer() < 0 ||
      value.integer() > mostLogprobs)
    return problem(400, "invalid_value", place.path,
                   "%s: expected an integer from 0 to %u", place.path,
                   mostLogprobs);
  ask.topLogprobs = value.integer();
  return {};
}

static constexpr FieldRule completionTable[] = {
    {"prompt", readPrompt},
    {"logprobs", readLogprobs},
    {"echo", FieldRule::Refused},
    {"suffix", FieldRule::Refused},
    {"best_of", FieldRule::Refused, "n says how many answers there are"},
};

void serve::answerCompletions(Service &service, http::Exchange &exchange) {
  Ask ask(service.model());
  FieldTable tables[] = {generationFields(), completionTable};
  if (!service.read(exchange, tables, ask) ||
      !service.checkModel(exchange, ask))
    return;
  if (ask.inputs.items.empty())
    return service.refuse(exchange, missing("prompt"));
  Prompts prompts;
  base::Array<int32_t> ids;
  for (const Inputs::Item &item : ask.inputs.items) {
    ids.clear();
    if (item.isIds)
      ids.append(ask.inputs.idsOf(item));
    else if (Problem found =
                 service.checkBytes(item.end - item.begin, "prompt"))
      return service.refuse(exchange, found);
    else
      chat::encodePlain(service.context(), ask.inputs.textOf(item), ids);
    prompts.add(ids);
  }
  service.submit(exchange, ask, std::move(prompts), completionForm);
}
