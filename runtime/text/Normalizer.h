//===- Normalizer.h - Text as the vocabulary spells it --------------------===//
//
// SentencePiece writes a space as U+2581 and puts one in front of a text. The
// tables spell tokens with spaces, so it is U+2581 in a text that becomes one.
// Others compose characters, or leave a text as it is.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/text/Tables.h"

#include <string_view>

namespace tritc::text {

/// `stretch`, text between two raw added tokens, as it is searched for other
/// added tokens and encoded. \param isStart  nothing stands before it
/// \returns `stretch` itself or a view of `buffer`
std::string_view normalize(const Tables &tables, std::string_view stretch,
                           bool isStart, base::Array<char> &buffer);

} // namespace tritc::text
