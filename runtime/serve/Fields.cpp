//===- Fields.cpp - The members of a body, by tables ----------------------===//

#include "runtime/serve/Fields.h"

using namespace tritc;
using namespace tritc::serve;

Problem serve::wrongType(const Place &place, const char *expected,
                         const JsonValue &found) {
  return problem(400, "invalid_type", place.path, "%s: expected %s, found %s",
                 place.path, expected, nameOf(found.kind()));
}

Problem serve::missing(const char *name) {
  return problem(400, "missing_required_parameter", name,
                 "%s: expected, found nothing", name);
}

/// Reads a number of either kind.
static Problem readNumber(const JsonValue &value, const FieldRule &rule,
                          const Place &place, Ask &ask) {
  bool isInteger = rule.kind == FieldRule::Integer;
  const char *kind = isInteger ? "an integer" : "a number";
  if (isInteger ? value.kind() != JsonKind::Integer : !value.isNumber())
    return wrongType(place, kind, value);
  if (value.number() < rule.minimum || value.number() > rule.maximum)
    return problem(400, "invalid_value", place.path,
                   rule.maximum < 9e18 ? "%s: expected %s from %g to %g, found "
                                         "%.10g"
                                       : "%s: expected %s from %g on, not "
                                         "beyond %g, found %.10g",
                   place.path, kind, rule.minimum, rule.maximum,
                   value.number());
  if (isInteger)
    ask.*rule.integer = value.integer();
  else
    ask.*rule.number = value.number();
  return {};
}

/// Whether a value asks for nothing.
static bool isNeutral(const JsonValue &value, const FieldRule &rule) {
  switch (value.kind()) {
  case JsonKind::Null:
    return true;
  case JsonKind::Bool:
    return !value.boolean();
  case JsonKind::Integer:
  case JsonKind::Number:
    return value.number() == 0 || value.number() == rule.minimum;
  case JsonKind::Text:
    return value.text().empty() || value.text() == rule.neutral;
  case JsonKind::List:
  case JsonKind::Object:
    return value.size() == 0;
  }
  return false;
}

static Problem readField(const JsonValue &value, const FieldRule &rule,
                         const Place &place, Ask &ask) {
  switch (rule.kind) {
  case FieldRule::Harmless:
    return {};
  case FieldRule::Refused:
    if (isNeutral(value, rule))
      return {};
    return problem(400, "unsupported_parameter", place.path, "%s: %s",
                   place.path,
                   rule.why ? rule.why : "this program does not support it");
  default:
    break;
  }
  if (value.isNull())
    return {};
  switch (rule.kind) {
  case FieldRule::Integer:
  case FieldRule::Number:
    return readNumber(value, rule, place, ask);
  case FieldRule::Flag:
    if (value.kind() != JsonKind::Bool)
      return wrongType(place, "a boolean", value);
    ask.*rule.flag = value.boolean();
    return {};
  case FieldRule::Text: {
    if (value.kind() != JsonKind::Text)
      return wrongType(place, "a string", value);
    base::Array<char> &text = ask.*rule.text;
    text.clear();
    text.append(value.text());
    return {};
  }
  default:
    return rule.read(value, place, ask);
  }
}

static const FieldRule *findRule(std::span<const FieldTable> tables,
                                 std::string_view name) {
  for (FieldTable table : tables)
    for (const FieldRule &rule : table)
      if (name == rule.name)
        return &rule;
  return nullptr;
}

Problem serve::readFields(const JsonValue &object,
                          std::span<const FieldTable> tables,
                          const Place &place, Ask &ask) {
  if (object.kind() != JsonKind::Object)
    return wrongType(place.path[0] ? place : Place("body"), "an object",
                     object);
  for (JsonValue value = object.first(); value; value = value.next()) {
    Place here = place.in(value.name());
    const FieldRule *rule = findRule(tables, value.name());
    if (!rule)
      return problem(400, "unknown_parameter", here.path,
                     "%s: this program does not know it", here.path);
    if (Problem found = readField(value, *rule, here, ask))
      return found;
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Texts and ids
//===----------------------------------------------------------------------===//

/// Appends a list of ids as one input.
static Problem readIds(const JsonValue &list, const Place &place, Ask &ask) {
  size_t begin = ask.inputs.ids.size(), index = 0;
  uint32_t count = ask.model.image.vocabSize;
  for (JsonValue id = list.first(); id; id = id.next(), ++index) {
    if (id.kind() != JsonKind::Integer)
      return wrongType(place.at(index), "a token id", id);
    if (id.integer() < 0 || id.integer() >= count)
      return problem(400, "invalid_value", place.at(index).path,
                     "%s: expected a token id below %u, found %lld",
                     place.at(index).path, count,
                     static_cast<long long>(id.integer()));
    ask.inputs.ids.push(static_cast<int32_t>(id.integer()));
  }
  ask.inputs.items.push({true, begin, ask.inputs.ids.size()});
  return {};
}

static void addText(std::string_view text, Ask &ask) {
  size_t begin = ask.inputs.texts.size();
  ask.inputs.texts.append(text);
  ask.inputs.items.push({false, begin, ask.inputs.texts.size()});
}

Problem serve::readInputs(const JsonValue &value, const Place &place,
                          bool takesIds, Ask &ask) {
  constexpr size_t most = 2048; // as OpenAI has it
  const char *expected = takesIds ? "a string, or a list of strings or ids"
                                  : "a string, or a list of strings";
  if (value.kind() == JsonKind::Text) {
    addText(value.text(), ask);
    return {};
  }
  if (value.kind() != JsonKind::List)
    return wrongType(place, expected, value);
  if (value.size() == 0)
    return problem(400, "invalid_value", place.path,
                   "%s: expected %s, found an empty list", place.path,
                   expected);
  if (takesIds && value.first().kind() == JsonKind::Integer)
    return readIds(value, place, ask);
  if (value.size() > most)
    return problem(400, "invalid_value", place.path,
                   "%s: expected at most %zu inputs, found %zu", place.path,
                   most, value.size());
  size_t index = 0;
  for (JsonValue item = value.first(); item; item = item.next(), ++index) {
    if (item.kind() == JsonKind::Text)
      addText(item.text(), ask);
    else if (!takesIds || item.kind() != JsonKind::List)
      return wrongType(place.at(index),
                       takesIds ? "a string or ids" : "a string", item);
    else if (Problem found = readIds(item, place.at(index), ask))
      return found;
  }
  return {};
}
