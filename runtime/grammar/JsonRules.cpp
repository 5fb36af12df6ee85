//===- JsonRules.cpp - JSON without a schema ------------------------------===//

#include "runtime/grammar/JsonRules.h"

using namespace tritc;
using namespace tritc::grammar;

uint32_t JsonRules::spaced(uint32_t from, std::string_view text) {
  uint32_t behind = builder.state();
  call(builder.literal(from, text), Space, behind);
  return behind;
}

/// `least` to `most` digits.
void JsonRules::digits(uint32_t from, uint32_t least, uint32_t most,
                       uint32_t to) {
  for (uint32_t count = 0; count < most; ++count) {
    if (count >= least)
      builder.jump(from, to);
    uint32_t next = builder.state();
    builder.bytes(from, '0', '9', next);
    from = next;
  }
  builder.jump(from, to);
}

void JsonRules::whole(uint32_t from, uint32_t to) {
  uint32_t behindSign = builder.state(), more = builder.state();
  builder.bytes(from, '-', '-', behindSign);
  builder.jump(from, behindSign);
  builder.bytes(behindSign, '0', '0', to);
  builder.bytes(behindSign, '1', '9', more);
  digits(more, 0, 14, to);
}

/// Elements, or keys with values, and the commas between them.
void JsonRules::list(Fragment body, const char *open, const char *close,
                     bool hasKeys) {
  uint32_t first = spaced(body.start, open);
  uint32_t element = builder.state(), behind = builder.state(),
           last = builder.state();
  builder.jump(first, element);
  uint32_t value = element;
  if (hasKeys) {
    uint32_t key = builder.state();
    call(element, String, key);
    value = spaced(key, ":");
  }
  call(value, Value, behind);
  builder.jump(spaced(behind, ","), element);
  call(behind, Space, last);
  builder.jump(first, last);
  builder.jump(builder.literal(last, close), body.end);
}

void JsonRules::define(Rule which, Fragment body) {
  auto &[start, end] = body;
  switch (which) {
  case Space: {
    builder.jump(start, end);
    builder.bytes(start, ' ', ' ', end);
    uint32_t line = builder.literal(start, "\n");
    for (uint32_t i = 0; i < mostIndentation; ++i) {
      builder.jump(line, end);
      uint32_t next = builder.state();
      builder.bytes(line, ' ', ' ', next);
      builder.bytes(line, '\t', '\t', next);
      line = next;
    }
    builder.jump(line, end);
    return;
  }
  case Character:
    return spelling.anyInJson(start, end);
  case String: {
    uint32_t inside = builder.literal(start, "\"");
    spelling.anyInJson(inside, inside);
    return builder.bytes(inside, '"', '"', end);
  }
  case Integer:
    return whole(start, end);
  case Number: {
    uint32_t behindWhole = builder.state(), behindPart = builder.state();
    whole(start, behindWhole);
    builder.jump(behindWhole, behindPart);
    digits(builder.literal(behindWhole, "."), 1, 17, behindPart);
    builder.jump(behindPart, end);
    uint32_t power = builder.state(), sign = builder.state();
    builder.bytes(behindPart, 'e', 'e', power);
    builder.bytes(behindPart, 'E', 'E', power);
    builder.jump(power, sign);
    builder.bytes(power, '+', '+', sign);
    builder.bytes(power, '-', '-', sign);
    return digits(sign, 1, 2, end);
  }
  case Value:
    for (const char *word : {"null", "true", "false"})
      builder.jump(builder.literal(start, word), end);
    for (Rule kind : {Object, Array, String, Number})
      call(start, kind, end);
    return;
  case Object:
    return list(body, "{", "}", true);
  case Array:
    return list(body, "[", "]", false);
  }
}

uint32_t JsonRules::rule(Rule which) {
  if (isThere[which])
    return rules[which];
  // Before its body, which may call it.
  isThere[which] = true;
  rules[which] = builder.rule("JSON");
  Fragment body = builder.fragment();
  builder.define(rules[which], body);
  define(which, body);
  return rules[which];
}

Grammar Grammar::anyJson() {
  Builder builder;
  JsonRules rules(builder);
  Grammar grammar;
  // Nothing in it can fail.
  (void)builder.finish(rules.rule(JsonRules::Object), grammar);
  return grammar;
}
