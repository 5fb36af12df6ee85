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
    {"frequency_penalty", FieldRule::Refused},
    {"presence_penalty", FieldRule::Refused},
    {"logit_bias", FieldRule::Refused},
    // Names, notes and wishes that change no answer.
    {"user", FieldRule::Harmless},
    {"metadata", FieldRule::Harmless},
    {"safety_identifier", FieldRule::Harmless},
    {"prompt_cache_key", FieldRule::Harmless},
    {"store", FieldRule::Refused, "nothing is stored here"},
    {"service_tier", FieldRule::Refused, "there is one tier", "auto"},
};

FieldTable serve::generationFields() { return table; }
