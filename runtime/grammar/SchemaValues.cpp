//===- SchemaValues.cpp - enum and const ----------------------------------===//

#include "runtime/grammar/Schema.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

bool SchemaCompiler::hasValues(const Nodes &nodes) const {
  return hasKeyword(nodes, "enum") || hasKeyword(nodes, "const");
}

static bool isList(JsonTree::Kind kind) {
  return kind == JsonTree::Array || kind == JsonTree::Object;
}

/// Whether two values are equal, as JSON Schema compares them: 1 is 1.0.
bool SchemaCompiler::areEqual(uint32_t a, uint32_t b) const {
  struct Pair {
    uint32_t a, b;
  };
  base::Array<Pair> rest;
  rest.push({a, b});
  while (!rest.empty()) {
    auto [left, right] = rest.back();
    rest.pop();
    JsonTree::Kind kind = tree.kind(left);
    if (kind != tree.kind(right))
      return false;
    if (kind == JsonTree::Number) {
      Decimal first, second;
      bool isRead = Decimal::read(tree.text(left), first) &&
                    Decimal::read(tree.text(right), second);
      if (isRead ? first.compare(second) != 0
                 : tree.text(left) != tree.text(right))
        return false;
    }
    if (kind == JsonTree::String && tree.text(left) != tree.text(right))
      return false;
    if (!isList(kind))
      continue;
    if (tree.count(left) != tree.count(right))
      return false;
    uint32_t other = tree.first(right);
    for (uint32_t child : Children(tree, left)) {
      if (kind == JsonTree::Object)
        other = tree.find(right, tree.key(child));
      if (other == JsonTree::none)
        return false;
      rest.push({child, other});
      if (kind == JsonTree::Array)
        other = tree.next(other);
    }
  }
  return true;
}

/// Whether the enum and the const of a schema, if it has them, have `value`.
bool SchemaCompiler::isListed(uint32_t value, uint32_t schema) const {
  uint32_t one = tree.find(schema, "const"), many = tree.find(schema, "enum");
  if (one != JsonTree::none && !areEqual(value, one))
    return false;
  if (many == JsonTree::none)
    return true;
  for (uint32_t other : Children(tree, many))
    if (areEqual(value, other))
      return true;
  return false;
}

static uint8_t typeOf(const JsonTree &tree, uint32_t value) {
  switch (tree.kind(value)) {
  case JsonTree::Null:
    return NullType;
  case JsonTree::False:
  case JsonTree::True:
    return BooleanType;
  case JsonTree::String:
    return StringType;
  case JsonTree::Array:
    return ArrayType;
  case JsonTree::Object:
    return ObjectType;
  case JsonTree::Number:
    break;
  }
  Decimal number;
  bool isWhole = Decimal::read(tree.text(value), number) && number.isWhole();
  return isWhole ? IntegerType : FractionType;
}

/// Whether a listed value is what all `nodes` ask for.
Failure SchemaCompiler::fits(uint32_t value, const Nodes &nodes, uint8_t types,
                             bool &isFit) {
  uint8_t type = typeOf(tree, value);
  isFit = types & type;
  if (!spend(nodes.size()))
    return tooMuch(value);
  for (uint32_t node : nodes)
    isFit = isFit && isListed(value, node);
  if (!isFit)
    return {};
  if (type == StringType) {
    CharNfa nfa;
    bool isFree;
    uint32_t least, most;
    if (Failure failure = stringOf(nodes, nfa, isFree, least, most))
      return failure;
    if (isFree)
      CharNfa::ofLength(least, std::min(most, 20000u), nfa);
    if (!spend((nfa.steps.size() + nfa.stateCount) *
               (1 + tree.text(value).size() / 16)))
      return tooMuch(value);
    isFit = nfa.has(tree.text(value));
    return {};
  }
  if (type & NumberType) {
    Decimal number;
    Bounds bounds;
    if (Failure failure = boundsOf(nodes, bounds))
      return failure;
    if (!Decimal::read(tree.text(value), number))
      return refuse(value, "expected at most %u digits", Decimal::mostDigits);
    const NumberRange &range = bounds.range;
    int low = number.compare(range.low), high = number.compare(range.high);
    isFit = (!bounds.hasLow || low > 0 || (low == 0 && !range.isLowOpen)) &&
            (!bounds.hasHigh || high < 0 || (high == 0 && !range.isHighOpen));
    uint64_t remainder = 0;
    for (char digit : number.wholeText())
      remainder =
          (remainder * 10 + static_cast<uint64_t>(digit - '0')) % range.divisor;
    isFit =
        isFit && (range.divisor == 1 || (number.isWhole() && remainder == 0));
    return {};
  }
  // Lists and objects are not followed into what is asked of their parts.
  for (uint32_t node : nodes)
    for (uint32_t other : Children(tree, node)) {
      const Keyword *keyword = findKeyword(tree.key(other));
      if (keyword && (keyword->type & type))
        return refuse(other, "is not supported beside enum and const");
    }
  return {};
}

/// Bytes that may be shared with other texts from the same state.
uint32_t SchemaCompiler::writeText(uint32_t from, std::string_view text) {
  for (char c : text) {
    uint8_t byte = static_cast<uint8_t>(c);
    uint64_t hash = Table::mix(from, byte);
    uint32_t known = textTable.find(hash, [&](uint32_t i) {
      return textSteps[i].from == from && textSteps[i].byte == byte;
    });
    if (known == Table::none) {
      known = static_cast<uint32_t>(textSteps.size());
      textSteps.push({from, builder.state(), byte});
      textTable.insert(hash, known);
      builder.bytes(from, byte, byte, textSteps[known].to);
    }
    from = textSteps[known].to;
  }
  return from;
}

/// A string as JSON has it, escaped where it must be.
void SchemaCompiler::spell(std::string_view text, base::Array<char> &out) {
  out.push('"');
  for (char c : text) {
    uint8_t byte = static_cast<uint8_t>(c);
    static constexpr std::string_view from = "\"\\\b\f\n\r\t", to = "\"\\bfnrt";
    size_t known = from.find(c);
    char digits[8];
    if (known != from.npos) {
      out.push('\\');
      out.push(to[known]);
    } else if (byte < 0x20) {
      snprintf(digits, sizeof(digits), "\\u%04x", byte);
      out.append(digits);
    } else {
      out.push(c);
    }
  }
  out.push('"');
}

void SchemaCompiler::writeValue(uint32_t from, uint32_t value, uint32_t to) {
  base::Array<char> spelled;
  auto write = [&](uint32_t node) {
    spelled.clear();
    switch (tree.kind(node)) {
    case JsonTree::Null:
      spelled.append("null");
      break;
    case JsonTree::True:
      spelled.append("true");
      break;
    case JsonTree::False:
      spelled.append("false");
      break;
    case JsonTree::Number:
      spelled.append(tree.text(node));
      break;
    case JsonTree::String:
      spell(tree.text(node), spelled);
      break;
    case JsonTree::Array:
    case JsonTree::Object:
      from = json.spaced(from, tree.kind(node) == JsonTree::Array ? "[" : "{");
      return;
    }
    from = writeText(from, spelled.view());
  };
  // `node` is written; what is open around it, and what is next, the tree
  // knows.
  base::Array<uint32_t> open;
  uint32_t node = value;
  while (true) {
    write(node);
    bool hasInside = isList(tree.kind(node));
    if (hasInside)
      open.push(node);
    uint32_t next = hasInside ? tree.first(node) : JsonTree::none;
    bool isFirst = hasInside;
    while (next == JsonTree::none && !open.empty()) {
      if (!isFirst) {
        next = tree.next(node);
        if (next != JsonTree::none)
          break;
      }
      node = open.back();
      open.pop();
      isFirst = false;
      uint32_t last = builder.state();
      json.call(from, JsonRules::Space, last);
      from =
          builder.literal(last, tree.kind(node) == JsonTree::Array ? "]" : "}");
    }
    if (next == JsonTree::none)
      break;
    if (!isFirst)
      from = json.spaced(from, ",");
    if (tree.kind(open.back()) == JsonTree::Object) {
      spelled.clear();
      spell(tree.key(next), spelled);
      from = json.spaced(writeText(from, spelled.view()), ":");
    }
    node = next;
  }
  builder.jump(from, to);
}

/// The listed values that fit all of `nodes`.
Failure SchemaCompiler::valuesOf(const Nodes &nodes, uint8_t types,
                                 Nodes &values) {
  // One list has all that may come: the others only take away.
  uint32_t list = JsonTree::none, one = JsonTree::none;
  forEach(nodes, "enum", [&](uint32_t value) { list = value; });
  forEach(nodes, "const", [&](uint32_t value) { one = value; });
  auto add = [&](uint32_t value) -> Failure {
    bool isFit;
    if (Failure failure = fits(value, nodes, types, isFit))
      return failure;
    if (isFit)
      values.push(value);
    return {};
  };
  values.clear();
  if (one != JsonTree::none)
    return add(one);
  for (uint32_t value : Children(tree, list))
    if (Failure failure = add(value))
      return failure;
  return {};
}

Failure SchemaCompiler::compileValues(const Nodes &nodes, uint8_t types,
                                      Fragment body) {
  Nodes values;
  Failure failure = valuesOf(nodes, types, values);
  for (uint32_t value : values)
    if (!builder.isFull())
      writeValue(body.start, value, body.end);
  return failure;
}
