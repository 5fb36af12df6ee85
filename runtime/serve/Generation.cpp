//===- Generation.cpp - Fields of all that write an answer ----------------===//

#include "runtime/serve/Fields.h"

using namespace tritc;
using namespace tritc::serve;

static constexpr size_t mostStops = 16;

/// Appends a text behind its length.
static Problem addStop(const JsonValue &value, const Place &place, Ask &ask) {
  if (value.kind() != JsonKind::Text)
    return wrongType(place, "a string", value);
  if (value.text().empty())
    return problem(400, "invalid_value", place.path,
                   "%s: expected a text that is not empty", place.path);
  auto length = static_cast<uint32_t>(value.text().size());
  ask.stops.append(reinterpret_cast<const char *>(&length), sizeof(length));
  ask.stops.append(value.text());
  return {};
}

Problem serve::readStops(const JsonValue &value, const Place &place, Ask &ask) {
  ask.stops.clear();
  if (value.kind() != JsonKind::List)
    return addStop(value, place, ask);
  if (value.size() > mostStops)
    return problem(400, "invalid_value", place.path,
                   "%s: expected at most %zu texts, found %zu", place.path,
                   mostStops, value.size());
  size_t index = 0;
  for (JsonValue item = value.first(); item; item = item.next())
    if (Problem found = addStop(item, place.at(index++), ask))
      return found;
  return {};
}

static Problem readStreamOptions(const JsonValue &value, const Place &place,
                                 Ask &ask) {
  static constexpr FieldRule table[] = {
      {"include_usage", &Ask::includeUsage},
      {"include_obfuscation", FieldRule::Refused},
  };
  FieldTable tables[] = {table};
  return readFields(value, tables, place, ask);
}

/// {"id": bias}, from -100 to 100.
static Problem readBiases(const JsonValue &value, const Place &place,
                          Ask &ask) {
  constexpr double most = 100;
  uint32_t count = ask.model.image.vocabSize;
  if (value.kind() != JsonKind::Object)
    return wrongType(place, "an object", value);
  for (JsonValue item = value.first(); item; item = item.next()) {
    Place here = place.in(item.name());
    uint64_t id = 0;
    for (char digit : item.name())
      id = digit >= '0' && digit <= '9' && id < count
               ? 10 * id + static_cast<uint64_t>(digit - '0')
               : count;
    if (item.name().empty() || id >= count)
      return problem(400, "invalid_value", here.path,
                     "%s: expected a token id below %u", here.path, count);
    if (!item.isNumber() || item.number() < -most || item.number() > most)
      return problem(400, "invalid_value", here.path,
                     "%s: expected a number from %g to %g", here.path, -most,
                     most);
    ask.biases.push(
        {static_cast<int32_t>(id), static_cast<float>(item.number())});
  }
  return {};
}

//===----------------------------------------------------------------------===//
// What an answer has to look like
//===----------------------------------------------------------------------===//

Problem serve::readSchema(const JsonValue &value, const Place &place,
                          Ask &ask) {
  if (value.kind() != JsonKind::Object)
    return wrongType(place, "a schema", value);
  ask.format = Format::Schema;
  ask.schemaPlace = place;
  ask.schema.append(value.source());
  return {};
}

static Problem readGrammar(const JsonValue &value, const Place &place,
                           Ask &ask) {
  if (value.kind() != JsonKind::Text)
    return wrongType(place, "a string", value);
  if (value.text().empty())
    return {};
  ask.format = Format::Gbnf;
  ask.schemaPlace = place;
  ask.schema.clear();
  ask.schema.append(value.text());
  return {};
}

static constexpr FieldRule schemaTable[] = {
    {"schema", readSchema},
    {"name", FieldRule::Harmless},
    {"description", FieldRule::Harmless},
    {"strict", FieldRule::Harmless}, // the answer is of the schema anyway
};

/// Text, json_object, or json_schema with one.
static Problem readResponseFormat(const JsonValue &value, const Place &place,
                                  Ask &ask) {
  if (value.kind() != JsonKind::Object)
    return wrongType(place, "an object", value);
  JsonValue type = value.member("type"), schema = value.member("json_schema");
  std::string_view name =
      type && type.kind() == JsonKind::Text ? type.text() : "";
  if (name != "text" && name != "json_object" && name != "json_schema")
    return problem(400, "unsupported_value", place.in("type").path,
                   "%s: expected text, json_object or json_schema",
                   place.in("type").path);
  for (JsonValue item = value.first(); item; item = item.next())
    if (item.name() != "type" &&
        (item.name() != "json_schema" || name != "json_schema"))
      return problem(400, "unknown_parameter", place.in(item.name()).path,
                     "%s: this program does not know it",
                     place.in(item.name()).path);
  if (name == "json_object")
    ask.format = Format::Json;
  if (name != "json_schema")
    return {};
  Place here = place.in("json_schema");
  FieldTable tables[] = {schemaTable};
  if (!schema)
    return missing(here.path);
  if (Problem found = readFields(schema, tables, here, ask))
    return found;
  return ask.format == Format::Schema ? Problem()
                                      : missing(here.in("schema").path);
}

static constexpr double largest = 9e18;

static constexpr FieldRule table[] = {
    {"model", &Ask::modelName},
    {"stream", &Ask::stream},
    {"stream_options", readStreamOptions},
    {"max_tokens", &Ask::predict, 0, largest},
    {"n", &Ask::choices, 1, 16},
    {"temperature", &Ask::temperature, 0, 100},
    {"top_k", &Ask::topK, 0, largest},
    {"top_p", &Ask::topP, 0, 1},
    {"min_p", &Ask::minP, 0, 1},
    {"repeat_penalty", &Ask::repeatPenalty, 0.01, 100},
    {"repetition_penalty", &Ask::repeatPenalty, 0.01, 100},
    {"repeat_last_n", &Ask::repeatLastN, 0, 4096},
    {"seed", &Ask::seed, -1, largest},
    {"stop", readStops},
    {"frequency_penalty", &Ask::frequencyPenalty, -2, 2},
    {"presence_penalty", &Ask::presencePenalty, -2, 2},
    {"logit_bias", readBiases},
    {"response_format", readResponseFormat},
    {"grammar", readGrammar},
    // Names, notes and wishes that change no answer.
    {"user", FieldRule::Harmless},
    {"metadata", FieldRule::Harmless},
    {"safety_identifier", FieldRule::Harmless},
    {"prompt_cache_key", FieldRule::Harmless},
    {"store", FieldRule::Refused, "nothing is stored here"},
    {"service_tier", FieldRule::Refused, "there is one tier", "auto"},
};

FieldTable serve::generationFields() { return table; }
