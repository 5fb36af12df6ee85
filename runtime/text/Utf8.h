//===- Utf8.h - Reading UTF-8 that may be broken --------------------------===//
//
// One rule for broken input everywhere: each maximal subpart of an ill-formed
// sequence counts as one U+FFFD (Unicode 15, section 3.9, "substitution of
// maximal subparts"). Python's errors="replace" and Rust's from_utf8_lossy do
// the same, so ids agree with tokenizers that are fed decoded text.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <cstdint>
#include <string_view>

namespace tritc::text {

inline constexpr uint32_t replacementCharacter = 0xfffd;
inline constexpr std::string_view replacementBytes = "\xef\xbf\xbd";

/// What stands at one place of a text.
struct CodePoint {
  uint32_t value;  ///< replacementCharacter for an ill-formed subpart
  uint32_t length; ///< bytes it takes, at least 1
  bool wellFormed;
  bool cutOff; ///< ill-formed only because the text ends; more bytes may help
};

/// Decodes what starts at `text[position]`; position < text.size().
CodePoint decodeUtf8(std::string_view text, size_t position);

/// Bytes of `text` before its first ill-formed subpart; text.size() if none.
size_t wellFormedPrefix(std::string_view text);

/// Appends a code point that UTF-8 can spell to `out`.
void appendUtf8(uint32_t codePoint, base::Array<char> &out);

/// Appends `text` to `out` with U+FFFD for every ill-formed subpart.
void appendWellFormed(std::string_view text, base::Array<char> &out);

} // namespace tritc::text
