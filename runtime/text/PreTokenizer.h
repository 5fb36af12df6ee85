//===- PreTokenizer.h - Cutting text into pieces before BPE ---------------===//
//
// Tokenizers cut text with a regular expression; merges never cross a cut. The
// two expressions in use are matched by hand:
//
// TRITC_SPLIT_LLAMA3
//   (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}
//   | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
//
// TRITC_SPLIT_GPT2
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// TRITC_SPLIT_NONE leaves a text in one piece.
//
// Every text is covered without gaps, in time linear in its length.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/text/Tables.h"

#include <string_view>

namespace tritc::text {

/// End of the piece that starts at `start`; `text` is well-formed UTF-8 and
/// start < text.size() is the start of a character. The result is above
/// `start`.
size_t endOfPiece(const Tables &tables, std::string_view text, size_t start);

} // namespace tritc::text
