//===- SlowTokenizer.h - The definition of a tokenizer, written down ------===//
//
// What a tokenizer does, in the order of its definition and without tables:
// expressions are matched by hand, merging rescans the whole piece. For texts
// of a few hundred bytes. It reads what the compiler read (TokenizerModel), and
// shares nothing with the runtime.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/Tokenizer.h"

#include <string_view>

namespace tritc::test {

/// The ids of `text`, which nothing stands before. `recognise`: spellings of
/// special tokens are those. The stages of `model` are none or one of the three
/// published expressions; added tokens strip no white space.
std::vector<int32_t> slowEncode(const import::TokenizerModel &model,
                                std::string_view text, bool recognise);

} // namespace tritc::test
