//===- SchemaArray.cpp - Elements of arrays -------------------------------===//

#include "runtime/grammar/Schema.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

/// Elements that have a schema of their own.
static constexpr size_t mostPrefix = 2000;

Failure SchemaCompiler::compileArray(const Nodes &nodes, Fragment body) {
  uint32_t least, most;
  limits(nodes, "minItems", "maxItems", least, most);
  uint32_t unique = JsonTree::none;
  forEach(nodes, "uniqueItems", [&](uint32_t value) {
    if (isTrue(value) && most > 1)
      unique = value;
  });
  if (unique != JsonTree::none)
    return compileUnique(unique, nodes, least, most, body);

  // The schemas of the first elements, and of those behind them.
  struct Own {
    uint32_t prefix, rest; ///< JsonTree::none
  };
  base::Array<Own> owns;
  size_t prefixSize = 0;
  bool isClosed = false, isRestClosed = false, saysMore = false;
  bool hasPrefix = false;
  for (uint32_t node : nodes) {
    uint32_t prefix = tree.find(node, "prefixItems"),
             rest = tree.find(node, "items");
    // Before 2020 items was the list, and additionalItems what came behind.
    if (rest != JsonTree::none && tree.kind(rest) == JsonTree::Array) {
      prefix = rest;
      rest = tree.find(node, "additionalItems");
    }
    uint32_t others = tree.find(node, "unevaluatedItems");
    if (others != JsonTree::none && !isTrue(others)) {
      if (!isFalse(others))
        return refuse(others, "is only supported as true or false");
      isRestClosed = true;
    }
    if (prefix != JsonTree::none) {
      hasPrefix = true;
      prefixSize = std::max<size_t>(prefixSize, tree.count(prefix));
    }
    if (rest != JsonTree::none) {
      isClosed |= isFalse(rest);
      saysMore |= !isFalse(rest);
    }
    owns.push({prefix, rest});
  }
  if (prefixSize > mostPrefix)
    return refuse(nodes[0],
                  "expected at most %zu elements with schemas of "
                  "their own",
                  mostPrefix);
  auto ruleAt = [&](size_t index) {
    Nodes schemas;
    for (Own own : owns) {
      uint32_t schema = own.prefix == JsonTree::none
                            ? JsonTree::none
                            : tree.at(own.prefix, index);
      if (schema == JsonTree::none)
        schema = own.rest;
      if (schema != JsonTree::none)
        schemas.push(schema);
    }
    return ruleOf(std::span<const uint32_t>(schemas));
  };
  // Behind the first ones nothing is written unless something is said of it.
  bool hasMore =
      !isClosed &&
      (saysMore || (!isRestClosed && (!hasPrefix || least > prefixSize)));
  if (!hasMore)
    most = static_cast<uint32_t>(std::min<size_t>(most, prefixSize));
  if (least > most)
    return {};

  uint32_t last = builder.state();
  uint32_t at = json.spaced(body.start, "[");
  uint32_t close = builder.state();
  json.call(last, JsonRules::Space, close);
  builder.bytes(close, ']', ']', body.end);
  if (least == 0)
    builder.bytes(at, ']', ']', body.end);
  if (most == 0)
    return {};
  // One element after the other; the first of those behind, too.
  size_t single = std::min<size_t>(std::max<size_t>(prefixSize, 1), most);
  for (size_t i = 0; i < single && !builder.isFull(); ++i) {
    uint32_t behind = builder.state();
    builder.call(at, ruleAt(i), behind);
    if (i + 1 >= least)
      builder.jump(behind, last);
    at = i + 1 == single ? behind : json.spaced(behind, ",");
  }
  if (!hasMore || most <= single)
    return {};
  uint32_t rule = builder.rule(tree.pointer(nodes[0]).text);
  if (builder.isFull())
    return {};
  Fragment element = builder.fragment();
  builder.define(rule, element);
  builder.call(json.spaced(element.start, ","), ruleAt(single), element.end);
  uint32_t one = static_cast<uint32_t>(single);
  builder.repeat(at, rule, least > one ? least - one : 0,
                 most == Grammar::unbounded ? most : most - one, last);
  return {};
}
