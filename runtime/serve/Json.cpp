//===- Json.cpp - JSON of a request, as a tree ----------------------------===//

#include "runtime/serve/Json.h"

#include "runtime/text/RapidJson.h"
#include "runtime/text/Utf8.h"

#include <algorithm>
#include <cerrno>
#include <cmath>

using namespace tritc;
using namespace tritc::serve;

const char *serve::nameOf(JsonKind kind) {
  static constexpr const char *names[] = {"null",     "a boolean", "an integer",
                                          "a number", "a string",  "a list",
                                          "an object"};
  return names[static_cast<size_t>(kind)];
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

JsonKind JsonValue::kind() const { return document->nodes[index].kind; }
bool JsonValue::boolean() const { return document->nodes[index].boolean; }
int64_t JsonValue::integer() const { return document->nodes[index].integer; }

double JsonValue::number() const {
  const auto &node = document->nodes[index];
  return node.kind == JsonKind::Integer ? static_cast<double>(node.integer)
                                        : node.number;
}

std::string_view JsonValue::text() const {
  const auto &node = document->nodes[index];
  return document->view(node.at, node.bytes);
}

size_t JsonValue::size() const { return document->nodes[index].count; }

JsonValue JsonValue::first() const {
  return size() ? JsonValue(document, index + 1) : JsonValue();
}

JsonValue JsonValue::next() const {
  uint32_t sibling = document->nodes[index].next;
  return sibling ? JsonValue(document, sibling) : JsonValue();
}

std::string_view JsonValue::name() const {
  const auto &node = document->nodes[index];
  return document->view(node.nameAt, node.nameBytes);
}

JsonValue JsonValue::member(std::string_view wanted) const {
  if (kind() != JsonKind::Object)
    return {};
  for (JsonValue value = first(); value; value = value.next())
    if (value.name() == wanted)
      return value;
  return {};
}

std::string_view JsonValue::source() const {
  const auto &node = document->nodes[index];
  return {document->source.data() + node.at, node.bytes};
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace tritc::serve {

/// What RapidJSON calls for each value. Numbers are read by the C library,
/// whose doubles are exact; RapidJSON's own shift by what is undefined for
/// 0e77. It takes a bracket behind the call.
class JsonBuilder {
public:
  JsonBuilder(JsonDocument &document, const rapidjson::MemoryStream &stream)
      : document(document), stream(stream) {}

  bool Null() { return add(JsonKind::Null); }
  bool Bool(bool value) {
    return add(JsonKind::Bool) && (document.nodes.back().boolean = value, true);
  }
  bool Int(int) { return false; } // numbers come as they were written
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char *text, rapidjson::SizeType bytes, bool) {
    digits.clear();
    digits.append(text, bytes);
    digits.push(0);
    std::string_view all(text, bytes);
    errno = 0;
    int64_t integer = strtoll(digits.data(), nullptr, 10);
    if (all.find_first_of(".eE") == all.npos && all != "-0" && errno == 0)
      return add(JsonKind::Integer) &&
             (document.nodes.back().integer = integer, true);
    double number = strtod(digits.data(), nullptr);
    if (!std::isfinite(number))
      return fail("a number that a double can hold");
    return add(JsonKind::Number) &&
           (document.nodes.back().number = number, true);
  }
  bool String(const char *text, rapidjson::SizeType bytes, bool) {
    uint32_t at = keep(text, bytes);
    if (!isText(text, bytes) || !add(JsonKind::Text))
      return false;
    document.nodes.back().at = at;
    document.nodes.back().bytes = bytes;
    return true;
  }
  bool Key(const char *text, rapidjson::SizeType bytes, bool) {
    nameAt = keep(text, bytes);
    nameBytes = bytes;
    return isText(text, bytes);
  }
  bool StartObject() { return enter(JsonKind::Object); }
  bool StartArray() { return enter(JsonKind::List); }
  bool EndObject(rapidjson::SizeType) { return leave() && namesDiffer(); }
  bool EndArray(rapidjson::SizeType) { return leave(); }

  const char *problem = nullptr;

private:
  struct Level {
    uint32_t node;
    uint32_t last; ///< child; 0 for none
  };

  /// RapidJSON takes the second half of a surrogate pair without the first.
  bool isText(const char *text, size_t bytes) {
    return text::wellFormedPrefix({text, bytes}) == bytes ||
           fail("both halves of a surrogate pair");
  }

  uint32_t keep(const char *text, size_t bytes) {
    auto at = static_cast<uint32_t>(document.characters.size());
    document.characters.append(text, bytes);
    return at;
  }

  bool add(JsonKind kind) {
    auto index = static_cast<uint32_t>(document.nodes.size());
    document.nodes.push({});
    JsonDocument::Node &node = document.nodes.back();
    node.kind = kind;
    node.nameAt = nameAt;
    node.nameBytes = nameBytes;
    nameBytes = 0;
    if (levels.empty())
      return true;
    Level &level = levels.back();
    ++document.nodes[level.node].count;
    if (level.last)
      document.nodes[level.last].next = index;
    level.last = index;
    return true;
  }

  bool enter(JsonKind kind) {
    if (levels.size() == JsonDocument::maxDepth)
      return fail("less nesting");
    add(kind);
    auto index = static_cast<uint32_t>(document.nodes.size() - 1);
    document.nodes[index].at = static_cast<uint32_t>(stream.Tell());
    levels.push({index, 0});
    return true;
  }

  bool leave() {
    left = levels.back().node;
    levels.pop();
    JsonDocument::Node &node = document.nodes[left];
    node.bytes = static_cast<uint32_t>(stream.Tell()) + 1 - node.at;
    return true;
  }

  /// Of the object that was left. Sorted, the same ones are neighbours: many
  /// members cost no more than few.
  bool namesDiffer() {
    names.clear();
    JsonValue object(&document, left);
    for (JsonValue member = object.first(); member; member = member.next())
      names.push(member.name());
    std::sort(names.begin(), names.end());
    for (size_t i = 1; i < names.size(); ++i)
      if (names[i - 1] == names[i])
        return fail("each name once in an object");
    return true;
  }

  bool fail(const char *what) {
    problem = what;
    return false;
  }

  JsonDocument &document;
  const rapidjson::MemoryStream &stream;
  base::Array<Level> levels;
  base::Array<std::string_view> names;
  base::Array<char> digits;
  uint32_t nameAt = 0, nameBytes = 0, left = 0;
};

} // namespace tritc::serve

/// What RapidJSON's codes mean.
static const char *expectationOf(rapidjson::ParseErrorCode code) {
  switch (code) {
  case rapidjson::kParseErrorDocumentEmpty:
    return "JSON, found nothing";
  case rapidjson::kParseErrorDocumentRootNotSingular:
    return "nothing behind the value";
  case rapidjson::kParseErrorObjectMissName:
    return "a name";
  case rapidjson::kParseErrorObjectMissColon:
    return ":";
  case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
    return ", or }";
  case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
    return ", or ]";
  case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    return "four hexadecimal digits";
  case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
    return "both halves of a surrogate pair";
  case rapidjson::kParseErrorStringEscapeInvalid:
    return "an escape that JSON knows";
  case rapidjson::kParseErrorStringMissQuotationMark:
    return "a string that ends";
  case rapidjson::kParseErrorStringInvalidEncoding:
    return "UTF-8, without control characters";
  case rapidjson::kParseErrorNumberTooBig:
    return "a number that a double can hold";
  case rapidjson::kParseErrorNumberMissFraction:
  case rapidjson::kParseErrorNumberMissExponent:
    return "digits";
  default:
    return "a value";
  }
}

JsonProblem JsonDocument::parse(std::string_view text) {
  source = text;
  nodes.clear();
  characters.clear();
  if (text.size() > UINT32_MAX / 2)
    return {"less than 2 GB", 0};
  using Allocator = rapidjson::CrtAllocator;
  Allocator allocator; // a reader without one makes its own, with new
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, Allocator>
      reader(&allocator);
  JsonBuilder builder(*this, stream);
  constexpr unsigned flags = rapidjson::kParseIterativeFlag |
                             rapidjson::kParseValidateEncodingFlag |
                             rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
  // It takes a zero byte for the end.
  if (!result.IsError() && stream.Tell() < text.size())
    return {"nothing behind the value", stream.Tell()};
  if (!result.IsError())
    return {};
  return {builder.problem ? builder.problem : expectationOf(result.Code()),
          result.Offset()};
}
