//===- Analysis.h - What holds of a whole grammar -------------------------===//
#pragma once

#include "runtime/grammar/Builder.h"

namespace tritc::grammar {

/// Makes sure that following a grammar ends, and never leads nowhere. Every
/// function is linear in the size of the grammar.
class Analysis {
public:
  /// `grammar` has the builder's edges in order.
  Analysis(Builder &builder, Grammar &grammar)
      : builder(builder), grammar(grammar) {}

  /// Replaces repetitions of what may be empty by copies that may be left out,
  /// or by a loop: counting nothing would not end.
  base::Failure expandEmptyRepeats();

  /// A rule that begins with itself would be entered without end.
  /// \pre expandEmptyRepeats()
  base::Failure refuseLeftRecursion();

  /// Finds the height of each state and removes edges from which no text can be
  /// completed. \pre refuseLeftRecursion()
  base::Failure dropDeadEnds();

private:
  /// A list of targets for each of several keys.
  struct Lists {
    struct Link {
      uint32_t value, next;
    };
    base::Array<uint32_t> heads;
    base::Array<Link> links;

    void reset(size_t keys);
    void add(uint32_t key, uint32_t value);
  };

  uint32_t ruleOf(const Edge &edge) const {
    return edge.kind == Edge::Repeat ? grammar.repeats[edge.rule].rule
                                     : edge.rule;
  }
  void findEmpty();
  void reach(uint32_t state, uint32_t owner);
  base::Failure refuseCircle(uint32_t rule) const;

  Builder &builder;
  Grammar &grammar;
  base::Array<bool> isNullable; ///< by rule: has the empty text
  base::Array<uint32_t> owners; ///< by state: the rule whose start leads there
                                ///< by nothing
  base::Array<uint32_t> stack;
  Lists waiting; ///< by rule: what is reached if it may be empty
};

} // namespace tritc::grammar
