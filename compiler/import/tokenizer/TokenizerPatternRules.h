//===- TokenizerPatternRules.h - What a match costs and depends on --------===//
//
// What makes a list of runs one that the emitted program can match as a
// backtracking engine would, in linear time.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/SplitPattern.h"

namespace tritc::import {

/// Does some way through `alternative` take no character?
bool mayBeEmpty(const PatternAlternative &alternative);

/// Does `alternative`, from `item` on, match whatever follows, be it nothing?
bool surelyMatches(const PatternAlternative &alternative, size_t item = 0);

/// Does a long run give characters back that another one takes, which may have
/// to give them back in turn? Then a match takes more than linear time.
bool givesBackTwice(const PatternAlternative &alternative);

/// Does a possessive run keep what a greedy one would have to give back?
bool keepsWhatIsNeeded(const PatternAlternative &alternative);

/// Characters at which a match of `pattern` surely begins, whatever follows.
CodePointSet surelyMatched(const SplitPattern &pattern);

} // namespace tritc::import
