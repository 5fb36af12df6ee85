//===- JsonRules.h - JSON without a schema --------------------------------===//
#pragma once

#include "runtime/grammar/Spelling.h"

namespace tritc::grammar {

/// Rules for what every JSON text is made of, each made when it is asked for.
class JsonRules {
public:
  enum Rule : uint8_t {
    Space,     ///< nothing, a space, or a line break with an indentation
    Character, ///< of a string, escaped in any way
    String,
    Number,  ///< at most 15 digits in front of the point, 17 behind it
    Integer, ///< at most 15 digits
    Value,
    Object,
    Array,
  };
  /// Spaces and tabs of an indentation.
  static constexpr uint32_t mostIndentation = 32;

  explicit JsonRules(Builder &builder) : builder(builder), spelling(builder) {}

  uint32_t rule(Rule which);
  /// Steps from `from` to `to` by a text of a rule.
  void call(uint32_t from, Rule which, uint32_t to) {
    builder.call(from, rule(which), to);
  }
  /// A state behind `text` and the space that may follow it.
  uint32_t spaced(uint32_t from, std::string_view text);

private:
  static constexpr size_t ruleCount = Array + 1;

  void digits(uint32_t from, uint32_t least, uint32_t most, uint32_t to);
  void whole(uint32_t from, uint32_t to);
  void define(Rule which, Fragment body);
  void list(Fragment body, const char *open, const char *close, bool hasKeys);

  Builder &builder;
  Spelling spelling;
  uint32_t rules[ruleCount] = {};
  bool isThere[ruleCount] = {};
};

} // namespace tritc::grammar
