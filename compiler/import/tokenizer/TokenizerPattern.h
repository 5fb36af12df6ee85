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

#include "compiler/import/tokenizer/SplitPattern.h"

#include "llvm/Support/Error.h"

#include <string>

namespace tritc::import {

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
