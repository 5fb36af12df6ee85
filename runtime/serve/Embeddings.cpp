//===- Embeddings.cpp - Vectors of texts ----------------------------------===//

#include "runtime/serve/Routes.h"

#include "runtime/serve/Forms.h"

using namespace tritc;
using namespace tritc::serve;

static Problem readInput(const JsonValue &value, const Place &place, Ask &ask) {
  return readInputs(value, place, true, ask);
}

static Problem readTexts(const JsonValue &value, const Place &place, Ask &ask) {
  return readInputs(value, place, false, ask);
}

static Problem readEncoding(const JsonValue &value, const Place &place,
                            Ask &ask) {
  bool isText = value.kind() == JsonKind::Text;
  ask.isBase64 = isText && value.text() == "base64";
  if (ask.isBase64 || (isText && value.text() == "float"))
    return {};
  return problem(400, "invalid_value", place.path,
                 "%s: expected float or base64", place.path);
}

/// A vector is as long as the model makes it.
static Problem readDimensions(const JsonValue &value, const Place &place,
                              Ask &ask) {
  const TritcPooling &pooling = ask.model.image.pooling;
  uint64_t own = ask.model.program.vectorSize * pooling.modeCount;
  if (value.kind() == JsonKind::Integer &&
      value.integer() == static_cast<int64_t>(own))
    return {};
  return problem(400, "invalid_value", place.path, "%s: expected %llu",
                 place.path, static_cast<unsigned long long>(own));
}

static constexpr FieldRule openAiTable[] = {
    {"model", &Ask::modelName},        {"input", readInput},
    {"encoding_format", readEncoding}, {"dimensions", readDimensions},
    {"user", FieldRule::Harmless},
};

static constexpr FieldRule ollamaTable[] = {
    {"model", &Ask::modelName},
    {"input", readTexts},
    {"truncate", &Ask::truncate},
    {"dimensions", readDimensions},
    {"options", FieldRule::Refused, "there are no options for vectors"},
    {"keep_alive", FieldRule::Harmless},
};

/// Makes prompts of what was given; with `truncates` one that is too long loses
/// what is in front of its last token.
static Problem encode(Service &service, const Ask &ask, bool truncates,
                      Prompts &prompts) {
  base::Array<int32_t> ids;
  size_t most = service.jobs().contextSize();
  for (size_t i = 0; i < ask.inputs.items.size(); ++i) {
    const Inputs::Item &item = ask.inputs.items[i];
    Place place = Place("input").at(i);
    ids.clear();
    if (item.begin == item.end)
      return problem(400, "invalid_value", place.path,
                     "%s: expected a text that is not empty", place.path);
    if (item.isIds) {
      ids.append(ask.inputs.idsOf(item));
    } else if (Problem found = truncates
                                   ? Problem()
                                   : service.checkBytes(item.end - item.begin,
                                                        place.path)) {
      return found;
    } else if (base::Failure failure = chat::encodeForVector(
                   service.context(), ask.inputs.textOf(item), ids)) {
      return problem(400, "invalid_value", place.path, "%s", failure.message);
    }
    if (truncates && ids.size() > most) {
      ids[most - 1] = ids.back();
      ids.resize(most);
    }
    prompts.add(ids);
  }
  return {};
}

static void answer(Service &service, http::Exchange &exchange, FieldTable table,
                   const AnswerForm &form, bool isOllama) {
  Ask ask(service.model());
  FieldTable tables[] = {table};
  if (!service.read(exchange, tables, ask) ||
      !service.checkModel(exchange, ask))
    return;
  if (ask.inputs.items.empty())
    return service.refuse(exchange, missing("input"));
  Prompts prompts;
  if (Problem found = encode(service, ask, isOllama && ask.truncate, prompts))
    return service.refuse(exchange, found);
  service.submit(exchange, ask, std::move(prompts), form);
}

void serve::answerEmbeddings(Service &service, http::Exchange &exchange) {
  answer(service, exchange, openAiTable, embeddingForm, false);
}

void serve::answerOllamaEmbed(Service &service, http::Exchange &exchange) {
  answer(service, exchange, ollamaTable, ollamaEmbedForm, true);
}
