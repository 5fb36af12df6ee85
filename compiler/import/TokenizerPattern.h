//===- TokenizerPattern.h - Regular expressions as runs of characters -----===//
//
// The expressions that tokenizers cut text with are alternatives of runs: an
// optional space, then letters; one to three digits; white space with nothing
// behind it. Such an expression is reduced to that list, in the order of a
// backtracking engine, and the emitted program matches the list. Every
// expression of another kind is refused, with the part that makes it one.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/TokenizerCodePoints.h"

#include "llvm/Support/Error.h"

#include <string>

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

  /// Characters at which a match surely begins, whatever follows.
  CodePointSet surelyMatched() const;
};

/// Oniguruma's syntax as far as the above reaches: alternatives, groups,
/// `(?i:x)`, `?`, `*`, `+` and `{1,3}` behind a character or class, the first
/// three also possessive (`?+`), `?` behind a group, `\p{L}`, `\s`, `\d`,
/// escapes, `$`, looks ahead at one character.
/// What would take time more than linear in a run is refused. The error is
/// tritc::Error, Unreadable, and begins with `where`.
llvm::Expected<SplitPattern> parsePattern(llvm::StringRef regex,
                                          const llvm::Twine &where);

/// The pattern that matches `text` itself.
SplitPattern patternOfText(llvm::StringRef text);

/// The pattern that matches a character of `set`.
SplitPattern patternOfSet(CodePointSet set);

} // namespace tritc::import
