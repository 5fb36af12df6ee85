//===- PreTokenizer.h - Cutting text into pieces before BPE ---------------===//
//
// Tokenizers cut text with regular expressions, in stages; merges never cross a
// cut. The compiler has reduced the expressions to alternatives of runs of
// characters (runtime/abi/Tokenizer.h), which are matched here as a
// backtracking engine does. A run gives characters back one by one only where
// what follows it does not match, so that the expressions in use take time
// linear in the text.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/text/Tables.h"

#include <string_view>

namespace tritc::text {

/// The pieces of a text in order; without gaps, none empty.
class PreTokenizer {
public:
  /// `text` is well-formed UTF-8 and outlives this.
  PreTokenizer(const Tables &tables, std::string_view text);

  bool done() const;

  /// The next piece; not after done().
  std::string_view next();

private:
  /// A stage at work on one piece of the stage before.
  struct Cursor {
    size_t at = 0;       ///< what lies before it was handed out
    size_t end = 0;      ///< of the piece
    size_t match = 0;    ///< where the next match begins, if it was found
    size_t matchEnd = 0; ///< above `at` if it was found
  };
  void advance(uint32_t stage, Cursor &cursor) const;

  const Tables &tables;
  std::string_view text;
  Cursor cursors[TRITC_SPLIT_STAGES];
};

} // namespace tritc::text
