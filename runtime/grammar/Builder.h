//===- Builder.h - Putting a grammar together -----------------------------===//
#pragma once

#include "runtime/grammar/Grammar.h"

namespace tritc::grammar {

/// Between two states that nothing else leads into or out of.
struct Fragment {
  uint32_t start, end;
};

/// Collects states, edges and rules, and makes a Grammar of them. Once a limit
/// is reached it takes nothing more, and finish() says so: callers need not
/// look, but stop early where isFull().
class Builder {
public:
  static constexpr size_t mostRules = 1 << 16;
  static constexpr size_t mostStates = 1 << 19;
  static constexpr size_t mostEdges = 1 << 21;
  /// Copies of a repeated part that may be empty.
  static constexpr uint32_t mostEmptyRepeats = 1000;

  uint32_t state();
  Fragment fragment() { return {state(), state()}; }

  void bytes(uint32_t from, uint8_t first, uint8_t last, uint32_t to) {
    add(from, {.kind = Edge::Bytes,
               .first = first,
               .last = last,
               .target = to,
               .rule = 0});
  }
  void jump(uint32_t from, uint32_t to) {
    add(from,
        {.kind = Edge::Jump, .first = 0, .last = 0, .target = to, .rule = 0});
  }
  void call(uint32_t from, uint32_t rule, uint32_t to) {
    add(from, {.kind = Edge::Call,
               .first = 0,
               .last = 0,
               .target = to,
               .rule = rule});
  }
  /// `rule`, `least` to `most` times; Grammar::unbounded for no end.
  void repeat(uint32_t from, uint32_t rule, uint32_t least, uint32_t most,
              uint32_t to);
  /// The bytes of `text`, one after the other. \returns the state behind them
  uint32_t literal(uint32_t from, std::string_view text);

  /// A rule without a body. `name` and `line` are for errors; a line of 0 is
  /// none. Names need not differ.
  uint32_t rule(std::string_view name, uint32_t line = 0);
  /// Gives a rule its body, once.
  void define(uint32_t rule, Fragment body);
  std::string_view nameOf(uint32_t rule) const;
  void setLine(uint32_t rule, uint32_t line) { rules[rule].line = line; }
  uint32_t lineOf(uint32_t rule) const { return rules[rule].line; }
  size_t ruleCount() const { return rules.size(); }

  bool isFull() const { return full != nullptr; }

  /// Makes `grammar` of everything that `root` reaches. Fails for a rule that
  /// begins with itself, when no text matches, and beyond the limits.
  /// \pre all rules are defined
  base::Failure finish(uint32_t root, Grammar &grammar);

private:
  friend class Analysis;

  struct From {
    uint32_t state;
    Edge edge;
  };
  struct Rule {
    uint32_t start, end;
    uint32_t nameBegin, nameEnd;
    uint32_t line;
  };

  void add(uint32_t from, Edge edge);
  void sortInto(Grammar &grammar);
  void skipJumps(Grammar &grammar) const;
  static void makeClasses(Grammar &grammar);

  const char *full = nullptr; ///< the limit that was reached
  size_t stateCount = 0;
  base::Array<From> edges;
  base::Array<Repeat> repeats;
  base::Array<Rule> rules;
  base::Array<char> names;
};

} // namespace tritc::grammar
