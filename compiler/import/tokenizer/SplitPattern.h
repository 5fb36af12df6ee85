//===- SplitPattern.h - Alternatives of runs of characters ----------------===//
#pragma once

#include "compiler/import/tokenizer/TokenizerCodePoints.h"

#include <cstdint>
#include <vector>

namespace tritc::import {

/// `least` to `most` characters of `set`, as many as there are; or a look at
/// the next character.
struct PatternItem {
  enum Kind {
    Run,
    Followed,    ///< `(?=x)`: the next character is one of `set`
    NotFollowed, ///< `(?!x)`: it is none of them, or there is none
  };
  static constexpr uint32_t unbounded = UINT32_MAX;

  CodePointSet set;
  uint32_t least = 1;
  uint32_t most = 1;
  Kind kind = Run;
  /// Possessive, `a++`: it gives nothing back. Of an accepted pattern no match
  /// depends on that.
  bool keeps = false;
};

/// Items that follow one another and, behind them, one of the choices, if there
/// are any. The choices are tried for each length of the runs in front of them.
struct PatternAlternative {
  std::vector<PatternItem> items;
  std::vector<PatternAlternative> choices;
};

/// The first alternative that matches is taken; within one, each run is as long
/// as the ones behind it allow, the first ones first. No alternative matches
/// nothing.
struct SplitPattern {
  std::vector<PatternAlternative> alternatives;

  /// The sets of all items: those of an alternative, then those of its choices.
  std::vector<const CodePointSet *> sets() const;
};

} // namespace tritc::import
