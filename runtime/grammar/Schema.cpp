//===- Schema.cpp - A JSON Schema becomes rules ---------------------------===//

#include "runtime/grammar/Schema.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

Failure SchemaCompiler::refuse(uint32_t node, const char *format, ...) const {
  char what[100];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(what, sizeof(what), format, arguments);
  va_end(arguments);
  return base::fail(base::Usage, "%s: %s", tree.pointer(node).text, what);
}

Failure SchemaCompiler::malformed(uint32_t node, const char *expected) const {
  return base::fail(base::Malformed, "%s: expected %s", tree.pointer(node).text,
                    expected);
}

/// Schemas that hold of one value.
static constexpr size_t mostPerValue = 1000;

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

uint32_t SchemaCompiler::ruleOf(std::span<const Part> parts) {
  uint64_t hash = parts.size();
  for (Part part : parts)
    hash =
        Table::mix(Table::mix(hash, part.from), part.node * 8ull + part.done);
  uint32_t known = listTable.find(hash, [&](uint32_t i) {
    return lists[i].count == parts.size() &&
           std::equal(parts.begin(), parts.end(),
                      listed.begin() + lists[i].first);
  });
  if (known != Table::none)
    return lists[known].rule;
  // Nothing is asked: any value.
  if (parts.empty())
    return json.rule(JsonRules::Value);
  uint32_t rule = builder.rule(tree.pointer(parts[0].node).text);
  if (builder.isFull())
    return 0;
  listTable.insert(hash, static_cast<uint32_t>(lists.size()));
  lists.push({static_cast<uint32_t>(listed.size()),
              static_cast<uint32_t>(parts.size()), rule});
  listed.append(parts);
  return rule;
}

uint32_t SchemaCompiler::ruleOf(std::span<const uint32_t> nodes) {
  Parts parts;
  for (uint32_t node : nodes) {
    Part part = {node, 0, JsonTree::none};
    bool isThere = std::find(parts.begin(), parts.end(), part) != parts.end();
    if (!isThere && !isTrue(node))
      parts.push(part);
  }
  return ruleOf(std::span<const Part>(parts));
}

Failure SchemaCompiler::follow(uint32_t reference, uint32_t &target) {
  std::string_view text = tree.text(reference);
  target = text.starts_with('#') ? tree.resolve(text) : JsonTree::none;
  if (target == JsonTree::none)
    return refuse(reference, "expected a place in this schema, found '%.*s'",
                  static_cast<int>(std::min<size_t>(text.size(), 50)),
                  text.data());
  return {};
}

/// Adds a schema and all that it says by others, unless it is there.
Failure SchemaCompiler::expandOne(Part part, Parts &all, bool &isImpossible) {
  Parts stack;
  stack.push(part);
  while (!stack.empty()) {
    part = stack.back();
    stack.pop();
    if (isFalse(part.node))
      isImpossible = true;
    if (isTrue(part.node) || isFalse(part.node))
      continue;
    auto find = [&](uint32_t node) {
      return std::find_if(all.begin(), all.end(),
                          [&](Part known) { return known.node == node; });
    };
    // Something that holds because it holds says nothing.
    for (uint32_t from = part.from; from != JsonTree::none;
         from = find(from)->from) {
      if (from == part.node)
        return refuse(from, "refers to itself without anything between");
      if (!spend(1 + all.size()))
        return tooMuch(from);
    }
    if (!spend(1 + all.size()))
      return tooMuch(part.node);
    if (Part *known = find(part.node); known != all.end()) {
      known->done |= part.done;
      continue;
    }
    if (Failure failure = checkKeywords(part.node))
      return failure;
    bool isExpanded = part.done & Part::Expanded;
    part.done |= Part::Expanded;
    all.push(part);
    if (isExpanded)
      continue;
    size_t first = stack.size();
    uint32_t reference = tree.find(part.node, "$ref");
    if (reference != JsonTree::none) {
      uint32_t target;
      if (Failure failure = follow(reference, target))
        return failure;
      stack.push({target, 0, part.node});
    }
    for (uint32_t schema : Children(tree, tree.find(part.node, "allOf")))
      stack.push({schema, 0, part.node});
    // The first one is looked at first.
    std::reverse(stack.begin() + first, stack.end());
    if (all.size() > mostPerValue)
      return refuse(part.node, "expected at most %zu schemas for one value",
                    mostPerValue);
  }
  return {};
}

Failure SchemaCompiler::expand(std::span<const Part> parts, Parts &all,
                               bool &isImpossible) {
  isImpossible = false;
  for (Part part : parts)
    if (Failure failure = expandOne(part, all, isImpossible))
      return failure;
  return {};
}

Failure SchemaCompiler::compileList(std::span<const Part> parts,
                                    Fragment body) {
  Parts all;
  bool isImpossible;
  if (Failure failure = expand(parts, all, isImpossible))
    return failure;
  if (isImpossible)
    return {}; // no steps: nothing is allowed
  Failure failure;
  if (splitAlternatives(all, body, failure))
    return failure;
  Nodes nodes;
  for (Part part : all)
    nodes.push(part.node);
  return compileTypes(nodes, body);
}

Failure SchemaCompiler::compile(Grammar &grammar) {
  isChecked.resize(tree.size());
  Part root = {JsonTree::root, 0, JsonTree::none};
  uint32_t rule = isTrue(JsonTree::root)
                      ? json.rule(JsonRules::Value)
                      : ruleOf(std::span<const Part>(&root, 1));
  for (size_t i = 0; i < lists.size() && !builder.isFull(); ++i) {
    Parts parts;
    parts.append(listed.data() + lists[i].first, lists[i].count);
    Fragment body = builder.fragment();
    builder.define(lists[i].rule, body);
    if (Failure failure = compileList(parts, body))
      return failure;
  }
  Failure failure = builder.finish(rule, grammar);
  if (failure && !builder.isFull() && failure.code == base::Usage &&
      failure.message[0] != '#')
    return base::fail(base::Usage, "#: no value can be what the schema asks "
                                   "for");
  return failure;
}

Failure Grammar::fromJsonSchema(std::string_view text, Grammar &grammar) {
  grammar = Grammar();
  JsonTree tree;
  if (Failure failure = tree.read(text))
    return failure;
  Grammar made;
  if (Failure failure = SchemaCompiler(tree).compile(made))
    return failure;
  grammar = static_cast<Grammar &&>(made);
  return {};
}
