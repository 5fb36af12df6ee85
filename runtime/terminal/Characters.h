//===- Characters.h - What a user calls a character -----------------------===//
//
// Text is edited by grapheme clusters (Unicode Standard Annex 29): a letter
// with its accents, a flag, a family of emoji are one step of the cursor.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tritc::terminal {

/// A grapheme cluster of a text.
struct Cluster {
  size_t bytes;     ///< at least 1
  uint32_t columns; ///< it takes on a terminal; 0 for control characters
  /// Terminals agree on its width: it is one code point, and no recent one.
  bool isCertain;
};

/// The cluster that starts at `text[position]`. \pre position < text.size()
Cluster clusterAt(std::string_view text, size_t position);

/// Where the cluster that ends at `position` starts. \pre position > 0
size_t clusterBefore(std::string_view text, size_t position);

/// Columns of a text without line breaks and tabs.
size_t columnsOf(std::string_view text);

/// Whether the character at `text[position]` belongs to a word: letters and
/// digits, and whatever is neither ASCII nor punctuation.
bool isInWord(std::string_view text, size_t position);

/// Control characters, which act on a terminal instead of being shown: ASCII's,
/// Delete, and U+0080 to U+009F.
constexpr bool isControl(uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

} // namespace tritc::terminal
