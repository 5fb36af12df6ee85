//===- SchemaTypes.cpp - Keywords, and the types of values ----------------===//

#include "runtime/grammar/Schema.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

static constexpr struct {
  std::string_view name;
  uint8_t types;
} typeNames[] = {
    {"null", NullType},       {"boolean", BooleanType}, {"object", ObjectType},
    {"array", ArrayType},     {"string", StringType},   {"number", NumberType},
    {"integer", IntegerType},
};

static uint8_t typesNamed(std::string_view name) {
  for (auto known : typeNames)
    if (known.name == name)
      return known.types;
  return 0;
}

//===----------------------------------------------------------------------===//
// Keywords
//===----------------------------------------------------------------------===//

Failure SchemaCompiler::checkShape(const Keyword &keyword, uint32_t value) {
  JsonTree::Kind kind = tree.kind(value);
  auto isSchema = [&](uint32_t node) {
    return tree.kind(node) == JsonTree::Object || isTrue(node) || isFalse(node);
  };
  auto all = [&](auto &&holds) {
    for (uint32_t child : Children(tree, value))
      if (!holds(child))
        return false;
    return true;
  };
  auto isTypeName = [&](uint32_t node) {
    return tree.kind(node) == JsonTree::String && typesNamed(tree.text(node));
  };
  bool isList = kind == JsonTree::Array;
  switch (keyword.shape) {
  case Keyword::Anything:
  case Keyword::Note:
    return {};
  case Keyword::Boolean:
    return isTrue(value) || isFalse(value) ? Failure()
                                           : malformed(value, "true or false");
  case Keyword::Count: {
    Decimal number;
    bool isCount = kind == JsonTree::Number &&
                   Decimal::read(tree.text(value), number) &&
                   !number.isNegative && number.isWhole();
    return isCount ? Failure() : malformed(value, "a whole number from 0 on");
  }
  case Keyword::Number:
    return kind == JsonTree::Number ? Failure() : malformed(value, "a number");
  case Keyword::Text:
    return kind == JsonTree::String ? Failure() : malformed(value, "a string");
  case Keyword::Texts:
    return isList && all([&](uint32_t child) {
             return tree.kind(child) == JsonTree::String;
           })
               ? Failure()
               : malformed(value, "a list of strings");
  case Keyword::Types:
    return isTypeName(value) || (isList && all(isTypeName))
               ? Failure()
               : malformed(value, "the name of a type, or a list of them");
  case Keyword::Values:
    return isList ? Failure() : malformed(value, "a list");
  case Keyword::Schema:
    return isSchema(value) ? Failure()
                           : malformed(value, "a schema, true or false");
  case Keyword::SchemaOrSchemas:
    if (isSchema(value))
      return {};
    [[fallthrough]];
  case Keyword::Schemas:
    return isList && tree.count(value) > 0 && all(isSchema)
               ? Failure()
               : malformed(value, "a list of schemas");
  case Keyword::Members:
    return kind == JsonTree::Object && all(isSchema)
               ? Failure()
               : malformed(value, "an object of schemas");
  }
  return {};
}

/// Refuses what a schema says and this does not enforce.
Failure SchemaCompiler::checkKeywords(uint32_t node) {
  if (isChecked[node])
    return {};
  isChecked[node] = true;
  if (tree.kind(node) != JsonTree::Object)
    return malformed(node, "a schema, true or false");
  for (uint32_t value : Children(tree, node)) {
    std::string_view name = tree.key(value);
    if (name.starts_with("x-"))
      continue;
    const Keyword *keyword = findKeyword(name);
    if (!keyword)
      return refuse(value, "this keyword is not supported");
    if (Failure failure = checkShape(*keyword, value))
      return failure;
    if (name == "$id" && node != JsonTree::root &&
        !tree.text(value).starts_with('#'))
      return refuse(value, "expected no other schema within this one");
    if (name == "format" && !findFormat(tree.text(value)))
      return refuse(
          value, "format '%.*s' is not supported",
          static_cast<int>(std::min<size_t>(tree.text(value).size(), 40)),
          tree.text(value).data());
  }
  return {};
}

uint32_t SchemaCompiler::countOf(uint32_t value) const {
  Decimal number;
  Decimal::read(tree.text(value), number);
  uint64_t count = 0;
  for (unsigned i = 0; i < number.whole; ++i)
    count = std::min<uint64_t>(
        count * 10 + static_cast<uint64_t>(number.digits[i] - '0'), INT32_MAX);
  return static_cast<uint32_t>(count);
}

void SchemaCompiler::limits(const Nodes &nodes, std::string_view leastKeyword,
                            std::string_view mostKeyword, uint32_t &least,
                            uint32_t &most) const {
  least = 0;
  most = Grammar::unbounded;
  forEach(nodes, leastKeyword,
          [&](uint32_t value) { least = std::max(least, countOf(value)); });
  forEach(nodes, mostKeyword,
          [&](uint32_t value) { most = std::min(most, countOf(value)); });
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// The types that all of `nodes` allow. Where none names any, those that they
/// say something about; where they say nothing, all.
uint8_t SchemaCompiler::typesOf(const Nodes &nodes) {
  uint8_t types = AnyType, spokenOf = 0;
  bool isNamed = false;
  for (uint32_t node : nodes) {
    uint32_t names = tree.find(node, "type");
    uint32_t nullable = tree.find(node, "nullable");
    for (uint32_t value : Children(tree, node)) {
      const Keyword *keyword = findKeyword(tree.key(value));
      if (keyword)
        spokenOf |= keyword->type;
      if (tree.key(value) == "format")
        spokenOf |=
            findFormat(tree.text(value))->pattern ? StringType : NumberType;
    }
    if (names == JsonTree::none)
      continue;
    uint8_t own = 0;
    if (tree.kind(names) == JsonTree::String)
      own = typesNamed(tree.text(names));
    for (uint32_t name : Children(tree, names))
      own |= typesNamed(tree.text(name));
    if (nullable != JsonTree::none && isTrue(nullable))
      own |= NullType;
    types &= own;
    isNamed = true;
  }
  return isNamed || !spokenOf || hasValues(nodes) ? types : spokenOf;
}

Failure SchemaCompiler::compileTypes(const Nodes &nodes, Fragment body) {
  uint8_t types = typesOf(nodes);
  if (hasValues(nodes))
    return compileValues(nodes, types, body);
  auto [start, end] = body;
  if (types & NullType)
    builder.jump(builder.literal(start, "null"), end);
  if (types & BooleanType) {
    builder.jump(builder.literal(start, "true"), end);
    builder.jump(builder.literal(start, "false"), end);
  }
  if (types & ObjectType)
    if (Failure failure = compileObject(nodes, body))
      return failure;
  if (types & ArrayType)
    if (Failure failure = compileArray(nodes, body))
      return failure;
  if (types & StringType)
    if (Failure failure = compileString(nodes, body))
      return failure;
  if (types & NumberType)
    return compileNumber(nodes, !(types & FractionType), body);
  return {};
}
