//===- Grammar.h - Which texts an answer may be ---------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/base/Failure.h"

#include <cstdint>
#include <string_view>

namespace tritc::grammar {

/// A step from one state to another.
struct Edge {
  enum Kind : uint8_t {
    Bytes,  ///< by one byte of [first, last]
    Jump,   ///< by nothing
    Call,   ///< by a text of `rule`
    Repeat, ///< by texts of a rule; `rule` is an index of repeats
  };
  Kind kind;
  uint8_t first, last;
  uint32_t target;
  uint32_t rule;
};

/// A text of `rule` `least` to `most` times, then state `target`. Texts of that
/// rule are not empty.
struct Repeat {
  uint32_t rule, least, most, target;
};

/// A set of texts: rules, each an automaton over bytes whose steps may be texts
/// of other rules. Made by the compilers below and never changed; any number of
/// automata (Automaton.h) may read it.
class Grammar {
public:
  /// What `most` of an endless repetition is.
  static constexpr uint32_t unbounded = UINT32_MAX;
  /// Rules within each other at a time. Each may be finished within the limit:
  /// a text that would need more is not begun.
  static constexpr uint32_t mostDepth = 1000;

  /// Accepts nothing until a compiler has filled it.
  Grammar() = default;

  /// Reads llama.cpp's GBNF. Malformed with the line, or the rule, that is at
  /// fault; Usage beyond a limit.
  static base::Failure fromGbnf(std::string_view text, Grammar &grammar);

  /// Reads a JSON Schema. Malformed for what is no schema, Usage with its JSON
  /// pointer for what cannot be enforced.
  static base::Failure fromJsonSchema(std::string_view text, Grammar &grammar);

  /// Any JSON object.
  static Grammar anyJson();

  bool isEmpty() const { return ends.empty(); }
  /// Something odd that is no mistake; an empty text if there is nothing.
  const char *note() const { return noteText; }

private:
  friend class Analysis;
  friend class Automaton;
  friend class Builder;
  friend class GbnfParser;

  std::span<const Edge> edgesOf(uint32_t state) const {
    return {edges.data() + firstEdges[state],
            firstEdges[state + 1] - firstEdges[state]};
  }
  bool hasState(uint32_t state) const { return state < ends.size(); }

  base::Array<uint32_t> firstEdges; ///< by state, and one behind the last
  base::Array<Edge> edges;
  base::Array<bool> ends;        ///< by state: a text of the rule is complete
  base::Array<uint16_t> heights; ///< by state: rules that must be entered
                                 ///< within each other to complete a text
  base::Array<uint32_t> starts;  ///< by rule
  base::Array<Repeat> repeats;
  uint32_t root = 0;
  uint8_t classes[256] = {}; ///< bytes that no edge tells apart are one class
  uint32_t classCount = 1;
  uint8_t examples[256] = {}; ///< a byte of each class
  char noteText[160] = "";
};

} // namespace tritc::grammar
