//===- Tokens.cpp - Texts to ids and back ---------------------------------===//

#include "runtime/serve/Routes.h"

#include "runtime/text/Utf8.h"

using namespace tritc;
using namespace tritc::serve;

static Problem readContent(const JsonValue &value, const Place &place,
                           Ask &ask) {
  if (value.kind() != JsonKind::Text)
    return wrongType(place, "a string", value);
  return readInputs(value, place, false, ask);
}

static Problem readTokens(const JsonValue &value, const Place &place,
                          Ask &ask) {
  if (value.kind() != JsonKind::List)
    return wrongType(place, "a list of ids", value);
  if (value.size() == 0) {
    ask.inputs.items.push({true, 0, 0});
    return {};
  }
  if (value.first().kind() != JsonKind::Integer)
    return wrongType(place.at(0), "a token id", value.first());
  return readInputs(value, place, true, ask);
}

static constexpr FieldRule tokenizeTable[] = {
    {"model", &Ask::modelName},        {"content", readContent},
    {"add_special", &Ask::addSpecial}, {"parse_special", &Ask::parseSpecial},
    {"with_pieces", &Ask::withPieces},
};

static constexpr FieldRule detokenizeTable[] = {
    {"model", &Ask::modelName},
    {"tokens", readTokens},
};

/// {"tokens": [id, ..]}, or with pieces [{"id", "piece"}, ..], of which one
/// that is no text is a list of its bytes.
void serve::answerTokenize(Service &service, http::Exchange &exchange) {
  Ask ask(service.model());
  FieldTable tables[] = {tokenizeTable};
  if (!service.read(exchange, tables, ask) ||
      !service.checkModel(exchange, ask))
    return;
  if (ask.inputs.items.empty())
    return service.refuse(exchange, missing("content"));
  const text::Tokenizer &tokenizer = service.model().tokenizer;
  base::Array<int32_t> ids;
  if (ask.addSpecial && tokenizer.addsBos())
    ids.push(tokenizer.bosId());
  tokenizer.encode(ask.inputs.textOf(ask.inputs.items[0]),
                   ask.parseSpecial ? text::SpecialTokens::Recognise
                                    : text::SpecialTokens::AsText,
                   ids);
  base::Array<char> body;
  JsonWriter json(body);
  json.beginObject().key("tokens").beginList();
  for (int32_t id : ids) {
    if (!ask.withPieces) {
      json.integer(id);
      continue;
    }
    std::string_view bytes = tokenizer.bytesOf(id);
    json.beginObject().member("id", id).key("piece");
    if (text::wellFormedPrefix(bytes) == bytes.size()) {
      json.text(bytes);
    } else {
      json.beginList();
      for (char byte : bytes)
        json.integer(static_cast<unsigned char>(byte));
      json.endList();
    }
    json.endObject();
  }
  json.endList().endObject();
  exchange.respond(200, "application/json", body.view());
}

void serve::answerDetokenize(Service &service, http::Exchange &exchange) {
  Ask ask(service.model());
  FieldTable tables[] = {detokenizeTable};
  if (!service.read(exchange, tables, ask) ||
      !service.checkModel(exchange, ask))
    return;
  if (ask.inputs.items.empty())
    return service.refuse(exchange, missing("tokens"));
  base::Array<char> text, body;
  for (int32_t id : ask.inputs.idsOf(ask.inputs.items[0]))
    text.append(service.model().tokenizer.bytesOf(id));
  JsonWriter(body).beginObject().member("content", text.view()).endObject();
  exchange.respond(200, "application/json", body.view());
}
