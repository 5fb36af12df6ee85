//===- SchemaObject.cpp - Properties of objects ---------------------------===//

#include "runtime/grammar/Regex.h"
#include "runtime/grammar/Schema.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

namespace {
/// The keys that schemas of one value name, in the order of the text.
class Keys {
public:
  struct Key {
    std::string_view name;
    bool isRequired;
  };

  Key &of(std::string_view name) {
    uint64_t hash = name.size();
    for (char c : name)
      hash = Table::mix(hash, static_cast<uint8_t>(c));
    uint32_t known =
        table.find(hash, [&](uint32_t i) { return keys[i].name == name; });
    if (known == Table::none) {
      known = static_cast<uint32_t>(keys.size());
      keys.push({name, false});
      table.insert(hash, known);
    }
    return keys[known];
  }

  base::Array<Key> keys;

private:
  Table table;
};
} // namespace

/// Counted properties times counts, at most.
static constexpr size_t mostPlaces = 200000;

/// What propertyNames asks of keys.
Failure SchemaCompiler::keysOf(const Nodes &nodes, CharNfa &nfa, bool &isFree) {
  Parts parts, all;
  forEach(nodes, "propertyNames",
          [&](uint32_t value) { parts.push({value, 0, JsonTree::none}); });
  isFree = parts.empty();
  bool isImpossible;
  if (Failure failure = expand(parts, all, isImpossible))
    return failure;
  if (isFree)
    return {};
  Nodes names;
  for (Part part : all) {
    for (std::string_view keyword : {"anyOf", "oneOf"}) {
      uint32_t choice = tree.find(part.node, keyword);
      if (choice != JsonTree::none)
        return refuse(choice, "is not supported for the names of properties");
    }
    names.push(part.node);
  }
  uint8_t types = names.empty() ? uint8_t{AnyType} : typesOf(names);
  base::Array<std::string_view> texts;
  if (isImpossible || !(types & StringType)) {
    nfa = CharNfa::ofTexts({});
    return {};
  }
  if (hasValues(names)) {
    Failure failure;
    for (std::string_view keyword : {"enum", "const"})
      forEach(names, keyword, [&](uint32_t list) {
        auto add = [&](uint32_t value) {
          bool isFit = false;
          if (tree.kind(value) == JsonTree::String && !failure)
            failure = fits(value, names, types, isFit);
          if (isFit)
            texts.push(tree.text(value));
        };
        if (keyword == "const")
          return add(list);
        for (uint32_t value : Children(tree, list))
          add(value);
      });
    nfa = CharNfa::ofTexts(texts);
    return failure;
  }
  uint32_t least, most;
  if (Failure failure = stringOf(names, nfa, isFree, least, most))
    return failure;
  if (!isFree)
    return {};
  if (least == 0 && most == Grammar::unbounded)
    return {};
  isFree = false;
  return CharNfa::ofLength(least, most, nfa)
             ? Failure()
             : refuse(names[0], "too long for the name of a property");
}

Failure SchemaCompiler::compileObject(const Nodes &nodes, Fragment body) {
  uint32_t least, most;
  limits(nodes, "minProperties", "maxProperties", least, most);

  Keys keys;
  bool isClosed = false, isRestClosed = false, saysMore = false;
  bool hasOwn = false, hasPatterns = false;
  for (uint32_t node : nodes) {
    uint32_t own = tree.find(node, "properties");
    hasOwn |= own != JsonTree::none;
    for (uint32_t value : Children(tree, own))
      keys.of(tree.key(value));
    uint32_t patterns = tree.find(node, "patternProperties");
    hasPatterns |= patterns != JsonTree::none && tree.count(patterns) > 0;
    uint32_t others = tree.find(node, "additionalProperties");
    if (others != JsonTree::none) {
      isClosed |= isFalse(others);
      saysMore |= !isFalse(others);
    }
    uint32_t left = tree.find(node, "unevaluatedProperties");
    if (left != JsonTree::none && !isTrue(left)) {
      if (!isFalse(left))
        return refuse(left, "is only supported as true or false");
      isRestClosed = true;
    }
  }
  for (uint32_t node : nodes)
    for (uint32_t name : Children(tree, tree.find(node, "required")))
      keys.of(tree.text(name)).isRequired = true;
  CharNfa allowed;
  bool isAnyName;
  if (Failure failure = keysOf(nodes, allowed, isAnyName))
    return failure;

  // The schemas of `name`, whose pattern, if it was found by one, is `found`.
  Failure failure;
  auto ruleOfKey = [&](std::string_view name, uint32_t found) {
    Nodes schemas;
    for (uint32_t node : nodes) {
      uint32_t own = tree.find(tree.find(node, "properties"), name);
      if (found != JsonTree::none)
        own = JsonTree::none;
      bool isKnown = own != JsonTree::none;
      if (isKnown)
        schemas.push(own);
      for (uint32_t value :
           Children(tree, tree.find(node, "patternProperties"))) {
        CharNfa nfa;
        bool isMatch = value == found;
        if (found == JsonTree::none) {
          if (!failure)
            failure = readRegex(tree.key(value), nfa);
          if (!failure && !spend(nfa.steps.size() + nfa.stateCount + 1))
            failure = base::fail(base::Usage, "too complex");
          isMatch = !failure && nfa.has(name);
        }
        if (isMatch)
          schemas.push(value);
        isKnown |= isMatch;
      }
      uint32_t others = tree.find(node, "additionalProperties");
      if (!isKnown && others != JsonTree::none)
        schemas.push(others);
    }
    return ruleOf(std::span<const uint32_t>(schemas));
  };

  // Keys without a name: those that a pattern has, or any others.
  uint32_t extra = Table::none;
  Fragment pair = {};
  base::Array<std::string_view> names;
  for (const Keys::Key &key : keys.keys)
    names.push(key.name);
  auto addExtra = [&](uint32_t node, const CharNfa *of,
                      uint32_t valueRule) -> Failure {
    if (extra == Table::none) {
      extra = builder.rule(tree.pointer(nodes[0]).text);
      pair = builder.fragment();
      builder.define(extra, pair);
    }
    uint32_t behind = builder.state();
    if (!of && isAnyName && names.empty()) {
      json.call(pair.start, JsonRules::String, behind);
    } else {
      CharNfa others = CharNfa::butTexts(names), product, inPattern;
      const CharNfa *made = &others;
      if (of && !CharNfa::both(*made, *of, inPattern))
        return refuse(node, "too large beside so many names");
      made = of ? &inPattern : made;
      if (!isAnyName && !CharNfa::both(*made, allowed, product))
        return refuse(node, "too large beside so many names");
      writeString(pair.start, isAnyName ? *made : product, behind);
    }
    builder.call(json.spaced(behind, ":"), valueRule, pair.end);
    return {};
  };
  bool hasMore =
      !isClosed && (saysMore || (!isRestClosed && !hasOwn && !hasPatterns));
  if (hasPatterns && hasMore)
    return refuse(nodes[0], "patternProperties is only supported where "
                            "additionalProperties is false or not given");
  if (hasPatterns) {
    Nodes patterns;
    for (uint32_t node : nodes)
      for (uint32_t value :
           Children(tree, tree.find(node, "patternProperties")))
        patterns.push(value);
    for (uint32_t value : patterns) {
      CharNfa own;
      if (Failure wrong = readRegex(tree.key(value), own))
        return refuse(value, "%s", wrong.message);
      for (uint32_t other : patterns) {
        CharNfa second, product;
        if (other == value)
          continue;
        (void)readRegex(tree.key(other), second);
        if (!spend(own.steps.size() + second.steps.size() + 1))
          return tooMuch(other);
        if (!CharNfa::both(own, second, product) || !product.isNothing())
          return refuse(other, "a name may match two patterns");
      }
      // Of the other schemas, those that forbid what they do not name.
      if (Failure wrong = addExtra(value, &own, ruleOfKey({}, value)))
        return wrong;
    }
  } else if (hasMore) {
    if (Failure wrong = addExtra(nodes[0], nullptr, [&] {
          Nodes schemas;
          forEach(nodes, "additionalProperties",
                  [&](uint32_t value) { schemas.push(value); });
          return ruleOf(std::span<const uint32_t>(schemas));
        }()))
      return wrong;
  }

  size_t required = 0;
  for (const Keys::Key &key : keys.keys)
    required += key.isRequired;
  if (extra != Table::none && least > 1 && least > required)
    return refuse(nodes[0], "minProperties above 1 is not supported where "
                            "names are free");

  // Places before each property, by how many were written: counted as far as
  // it matters.
  uint32_t counts = std::max(1u, least);
  if (most != Grammar::unbounded) {
    size_t reachable = extra == Table::none ? keys.keys.size() : most;
    most = static_cast<uint32_t>(std::min<size_t>(most, reachable));
    counts = std::max(counts, most);
  }
  size_t width = size_t{counts} + 1;
  if (width > mostPlaces || (keys.keys.size() + 1) * width > mostPlaces)
    return refuse(nodes[0], "expected fewer properties, or none counted");
  base::Array<uint32_t> here, next;
  auto fill = [&](base::Array<uint32_t> &row) {
    row.clear();
    for (size_t i = 0; i < width; ++i)
      row.push(builder.state());
  };
  fill(here);
  builder.jump(json.spaced(body.start, "{"), here[0]);
  base::Array<char> spelled;
  for (const Keys::Key &key : keys.keys) {
    if (builder.isFull())
      return {};
    fill(next);
    uint32_t rule = ruleOfKey(key.name, JsonTree::none);
    if (failure)
      return refuse(nodes[0], "patternProperties: %s", failure.message);
    bool isNameAllowed = isAnyName || allowed.has(key.name);
    spelled.clear();
    spell(key.name, spelled);
    for (uint32_t count = 0; count <= counts; ++count) {
      if (!key.isRequired)
        builder.jump(here[count], next[count]);
      if (!isNameAllowed || count >= most)
        continue;
      uint32_t before = count ? json.spaced(here[count], ",") : here[count];
      builder.call(json.spaced(builder.literal(before, spelled.view()), ":"),
                   rule, next[std::min(count + 1, counts)]);
    }
    std::swap(here, next);
  }
  for (uint32_t count = 0; count <= counts; ++count) {
    uint32_t close = here[count];
    if (count) {
      close = builder.state();
      json.call(here[count], JsonRules::Space, close);
    }
    if (count >= least)
      builder.bytes(close, '}', '}', body.end);
    if (extra == Table::none || count >= most)
      continue;
    uint32_t before = count ? json.spaced(here[count], ",") : here[count];
    builder.call(before, extra, here[std::min(count + 1, counts)]);
  }
  return {};
}
