//===- SchemaUnique.cpp - Arrays without a value twice --------------------===//

#include "runtime/grammar/Schema.h"

#include <bit>

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

/// Values among which no two elements are the same: there is a state for each
/// set of those that are written.
static constexpr size_t mostValues = 10;

Failure SchemaCompiler::compileUnique(uint32_t keyword, const Nodes &nodes,
                                      uint32_t least, uint32_t most,
                                      Fragment body) {
  auto unsupported = [&] {
    return refuse(keyword,
                  "is only supported for up to %zu values listed by items",
                  mostValues);
  };
  Parts parts, all;
  bool isImpossible;
  for (std::string_view other :
       {"prefixItems", "additionalItems", "unevaluatedItems"})
    if (hasKeyword(nodes, other))
      return unsupported();
  forEach(nodes, "items",
          [&](uint32_t value) { parts.push({value, 0, JsonTree::none}); });
  for (Part part : parts)
    if (tree.kind(part.node) == JsonTree::Array)
      return unsupported();
  if (Failure failure = expand(parts, all, isImpossible))
    return failure;
  Nodes items, fitting, values;
  for (Part part : all) {
    items.push(part.node);
    for (std::string_view choice : {"anyOf", "oneOf"})
      if (tree.find(part.node, choice) != JsonTree::none)
        return unsupported();
  }
  if (!isImpossible && !hasValues(items))
    return unsupported();
  if (!isImpossible)
    if (Failure failure = valuesOf(items, typesOf(items), fitting))
      return failure;
  for (uint32_t value : fitting) {
    bool isTwice = false;
    for (uint32_t other : values)
      isTwice |= areEqual(value, other);
    if (!isTwice)
      values.push(value);
    if (values.size() > mostValues)
      return unsupported();
  }

  // States behind an element, by the set of those that are written.
  base::Array<uint32_t> behind;
  for (size_t set = 0; set < size_t{1} << values.size(); ++set)
    behind.push(builder.state());
  uint32_t first = json.spaced(body.start, "[");
  for (uint32_t set = 0; set < behind.size() && !builder.isFull(); ++set) {
    uint32_t count = static_cast<uint32_t>(std::popcount(set));
    if (count >= least && count <= most) {
      uint32_t close = set ? builder.state() : first;
      if (set)
        json.call(behind[set], JsonRules::Space, close);
      builder.bytes(close, ']', ']', body.end);
    }
    if (count >= most)
      continue;
    uint32_t from = set ? json.spaced(behind[set], ",") : first;
    for (uint32_t i = 0; i < values.size(); ++i)
      if (!(set >> i & 1))
        writeValue(from, values[i], behind[set | 1u << i]);
  }
  return {};
}
