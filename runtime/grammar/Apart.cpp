//===- Apart.cpp - Schemas of which no value fits two ---------------------===//

#include "runtime/grammar/Apart.h"

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

/// Choices of one oneOf: each is compared with each.
static constexpr uint32_t mostChoices = 500;

Failure Apart::nodesOf(std::span<const uint32_t> schemas, Nodes &nodes,
                       bool &isNothing) {
  SchemaCompiler::Parts parts, all;
  for (uint32_t schema : schemas)
    parts.push({schema, 0, JsonTree::none});
  Failure failure = compiler.expand(parts, all, isNothing);
  nodes.clear();
  for (SchemaCompiler::Part part : all)
    nodes.push(part.node);
  return failure;
}

Apart::Nodes Apart::valueOf(const Nodes &nodes, std::string_view key) {
  const JsonTree &tree = compiler.tree;
  Nodes schemas, value;
  for (uint32_t node : nodes) {
    uint32_t schema = tree.find(tree.find(node, "properties"), key);
    if (schema != JsonTree::none)
      schemas.push(schema);
  }
  bool isNothing;
  // A mistake in there is found when it is compiled.
  if (nodesOf(schemas, value, isNothing))
    value.clear();
  return value;
}

/// Each value that `written` lists is none of `other`.
bool Apart::valuesNeverFit(const Nodes &written, const Nodes &other) {
  const JsonTree &tree = compiler.tree;
  if (!compiler.hasValues(written))
    return false;
  uint8_t types = other.empty() ? uint8_t{AnyType} : compiler.typesOf(other);
  bool isApart = true;
  auto consider = [&](uint32_t value) {
    bool isFit = true;
    bool isList = tree.kind(value) == JsonTree::Array ||
                  tree.kind(value) == JsonTree::Object;
    for (uint32_t node : written)
      if (!compiler.isListed(value, node))
        return;
    if (isList)
      for (uint32_t node : other)
        isFit = isFit && compiler.isListed(value, node);
    else if (compiler.fits(value, other, types, isFit))
      isFit = true;
    isApart = isApart && !isFit;
  };
  compiler.forEach(written, "const", consider);
  compiler.forEach(written, "enum", [&](uint32_t list) {
    for (uint32_t value : Children(tree, list))
      consider(value);
  });
  return isApart;
}

bool Apart::objectsNeverFit(const Nodes &written, const Nodes &other) {
  const JsonTree &tree = compiler.tree;
  auto isRequired = [&](const Nodes &nodes, std::string_view key) {
    bool isFound = false;
    compiler.forEach(nodes, "required", [&](uint32_t list) {
      for (uint32_t name : Children(tree, list))
        isFound |= tree.text(name) == key;
    });
    return isFound;
  };
  auto isNamed = [&](const Nodes &nodes, std::string_view key) {
    bool isFound = isRequired(nodes, key);
    compiler.forEach(nodes, "properties", [&](uint32_t own) {
      isFound |= tree.find(own, key) != JsonTree::none;
    });
    return isFound;
  };
  auto namesMore = [&](const Nodes &nodes) {
    bool isFound = !compiler.hasKeyword(nodes, "properties") ||
                   compiler.hasKeyword(nodes, "patternProperties");
    compiler.forEach(nodes, "additionalProperties", [&](uint32_t value) {
      isFound |= !compiler.isFalse(value);
    });
    return isFound;
  };
  bool isApart = false;
  // A key that the other one needs and this one never writes. Nothing is
  // written that is not named.
  if (!namesMore(written))
    compiler.forEach(other, "required", [&](uint32_t list) {
      for (uint32_t name : Children(tree, list))
        isApart |= !isNamed(written, tree.text(name));
    });
  compiler.forEach(written, "required", [&](uint32_t list) {
    for (uint32_t name : Children(tree, list)) {
      std::string_view key = tree.text(name);
      // A key that is always written, with a value that the other one does not
      // let it have.
      Nodes value = valueOf(written, key), others = valueOf(other, key);
      if (!value.empty() && !others.empty()) {
        uint8_t types = compiler.typesOf(value) & compiler.typesOf(others);
        bool isTyped = compiler.hasKeyword(value, "type") &&
                       compiler.hasKeyword(others, "type");
        isApart |= (isTyped && !types) || valuesNeverFit(value, others);
      }
      // Or that the other one forbids.
      for (uint32_t node : other) {
        uint32_t more = tree.find(node, "additionalProperties");
        bool isClosed = more != JsonTree::none && compiler.isFalse(more) &&
                        tree.find(node, "patternProperties") == JsonTree::none;
        isApart |= isClosed && tree.find(tree.find(node, "properties"), key) ==
                                   JsonTree::none;
      }
    }
  });
  return isApart;
}

bool Apart::numbersNeverFit(const Nodes &written, const Nodes &other) {
  SchemaCompiler::Bounds a, b;
  if (compiler.boundsOf(written, a) || compiler.boundsOf(other, b))
    return false;
  auto isBelow = [](const SchemaCompiler::Bounds &low,
                    const SchemaCompiler::Bounds &high) {
    if (!low.hasHigh || !high.hasLow)
      return false;
    int order = low.range.high.compare(high.range.low);
    return order < 0 ||
           (order == 0 && (low.range.isHighOpen || high.range.isLowOpen));
  };
  return isBelow(a, b) || isBelow(b, a);
}

/// Whether nothing that is written for `written` fits `other`.
bool Apart::neverFits(const Nodes &written, const Nodes &other) {
  if (valuesNeverFit(written, other))
    return true;
  // What a schema says of a type does not keep other types out.
  bool isOtherTyped = compiler.hasKeyword(other, "type");
  uint8_t types = compiler.typesOf(written);
  if (isOtherTyped)
    types &= compiler.typesOf(other);
  return !types || (types == ObjectType && objectsNeverFit(written, other)) ||
         (!(types & ~NumberType) && numbersNeverFit(written, other));
}

Failure Apart::check(uint32_t choices) {
  const JsonTree &tree = compiler.tree;
  if (tree.count(choices) > mostChoices)
    return compiler.refuse(choices, "expected at most %u schemas", mostChoices);
  for (uint32_t one : Children(tree, choices))
    for (uint32_t other : Children(tree, choices)) {
      Nodes written, second;
      bool isNothing, isOtherNothing;
      if (one == other)
        continue;
      if (!compiler.spend(100))
        return compiler.tooMuch(other);
      if (Failure failure = nodesOf({&one, 1}, written, isNothing))
        return failure;
      if (Failure failure = nodesOf({&other, 1}, second, isOtherNothing))
        return failure;
      if (!isNothing && !isOtherNothing && !neverFits(written, second))
        return compiler.refuse(other,
                               "a value of %s may fit this, too; anyOf "
                               "allows that",
                               strrchr(tree.pointer(one).text, '/'));
    }
  return {};
}
