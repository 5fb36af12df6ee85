//===- SchemaString.cpp - Lengths, patterns and formats of strings --------===//

#include "runtime/grammar/Regex.h"
#include "runtime/grammar/Schema.h"

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

Failure SchemaCompiler::stringOf(const Nodes &nodes, CharNfa &nfa, bool &isFree,
                                 uint32_t &least, uint32_t &most) {
  limits(nodes, "minLength", "maxLength", least, most);
  isFree = true;
  Failure failure;
  auto restrict = [&](uint32_t value, std::string_view pattern) {
    CharNfa own, product;
    if (failure)
      return;
    if (!spend(pattern.size())) {
      failure = tooMuch(value);
      return;
    }
    if (Failure wrong = readRegex(pattern, own)) {
      failure = refuse(value, "%s", wrong.message);
      failure.code = wrong.code;
      return;
    }
    if (!spend(own.steps.size() + own.stateCount)) {
      failure = tooMuch(value);
      return;
    }
    if (isFree) {
      nfa = static_cast<CharNfa &&>(own);
    } else if (CharNfa::both(nfa, own, product)) {
      nfa = static_cast<CharNfa &&>(product);
    } else {
      failure = refuse(value, "too large together with other patterns");
    }
    isFree = false;
  };
  forEach(nodes, "pattern",
          [&](uint32_t value) { restrict(value, tree.text(value)); });
  forEach(nodes, "format", [&](uint32_t value) {
    if (const char *pattern = findFormat(tree.text(value))->pattern)
      restrict(value, pattern);
  });
  if (!spend(nfa.steps.size() + 1) && !failure)
    return tooMuch(nodes[0]);
  if (failure || isFree || (least == 0 && most == Grammar::unbounded))
    return failure;
  CharNfa length, product;
  if (!CharNfa::ofLength(least, most, length) ||
      !CharNfa::both(nfa, length, product))
    return refuse(nodes[0], "pattern and length are too large together");
  nfa = static_cast<CharNfa &&>(product);
  return {};
}

/// Writes an automaton over characters as one over their bytes in JSON.
void SchemaCompiler::writeString(uint32_t from, const CharNfa &nfa,
                                 uint32_t to) {
  Spelling spelling(builder);
  base::Array<uint32_t> states;
  for (uint32_t i = 0; i < nfa.stateCount; ++i)
    states.push(builder.state());
  for (const CharNfa::Step &step : nfa.steps)
    spelling.inJson(states[step.from], {&step.range, 1}, states[step.to]);
  for (const CharNfa::Jump &jump : nfa.jumps)
    builder.jump(states[jump.from], states[jump.to]);
  builder.bytes(from, '"', '"', states[nfa.start]);
  builder.bytes(states[nfa.end], '"', '"', to);
}

Failure SchemaCompiler::compileString(const Nodes &nodes, Fragment body) {
  CharNfa nfa;
  bool isFree;
  uint32_t least, most;
  if (Failure failure = stringOf(nodes, nfa, isFree, least, most))
    return failure;
  if (!isFree) {
    writeString(body.start, nfa, body.end);
  } else if (least == 0 && most == Grammar::unbounded) {
    json.call(body.start, JsonRules::String, body.end);
  } else if (least <= most) {
    uint32_t last = builder.state();
    builder.repeat(builder.literal(body.start, "\""),
                   json.rule(JsonRules::Character), least, most, last);
    builder.bytes(last, '"', '"', body.end);
  }
  return {};
}
