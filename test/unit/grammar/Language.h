//===- Language.h - Asking a grammar about texts --------------------------===//
#pragma once

#include "runtime/grammar/Matcher.h"
#include "test/unit/runtime/ToyModel.h"

#include <gtest/gtest.h>
#include <string>

namespace tritc::test {

/// A grammar with an automaton over the toy model's tokens.
class Language {
public:
  explicit Language(grammar::Grammar &&made,
                    size_t stateBytes = grammar::Automaton::mostStateBytes)
      : rules(std::move(made)),
        tokenizer(reinterpret_cast<const uint8_t *>(&model.image()) +
                  model.image().tokenizer.offset),
        stop(static_cast<uint32_t>(model.tokens().end)),
        words(tokenizer, model.image().vocabSize, {&stop, 1}),
        automaton(rules, words, stateBytes) {}

  /// Whether `text` is in it, whole.
  bool has(std::string_view text) {
    grammar::Matcher matcher(automaton);
    return matcher.acceptText(text) && matcher.mayEnd();
  }
  /// Whether `text` may be the beginning of one.
  bool begins(std::string_view text) {
    return grammar::Matcher(automaton).acceptText(text);
  }

  ToyModel model;
  grammar::Grammar rules;
  text::Tokenizer tokenizer;
  uint32_t stop;
  grammar::Vocabulary words;
  grammar::Automaton automaton;
};

/// "<code>: <line>"; "" for no failure.
inline std::string spelled(const base::Failure &failure) {
  return failure ? std::to_string(failure.code) + ": " + failure.message : "";
}

inline grammar::Grammar gbnf(std::string_view text) {
  grammar::Grammar grammar;
  EXPECT_EQ(spelled(grammar::Grammar::fromGbnf(text, grammar)), "");
  return grammar;
}

inline std::string gbnfFailure(std::string_view text) {
  grammar::Grammar grammar;
  return spelled(grammar::Grammar::fromGbnf(text, grammar));
}

inline grammar::Grammar schema(std::string_view text) {
  grammar::Grammar grammar;
  EXPECT_EQ(spelled(grammar::Grammar::fromJsonSchema(text, grammar)), "");
  return grammar;
}

inline std::string schemaFailure(std::string_view text) {
  grammar::Grammar grammar;
  return spelled(grammar::Grammar::fromJsonSchema(text, grammar));
}

} // namespace tritc::test
