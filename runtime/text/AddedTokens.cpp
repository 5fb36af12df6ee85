//===- AddedTokens.cpp - Tokens found in the text before it is cut --------===//

#include "runtime/text/AddedTokens.h"

#include "runtime/text/Slice.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

namespace tritc::text {

AddedTokens::AddedTokens(const Tables &tables, Run run, SpecialTokens special,
                         std::string_view text)
    : tables(tables), text(text), special(special) {
  const TritcTokenizerHeader &header = tables.header();
  bool raw = run == Run::Raw;
  first = tables.addedTokens() + (raw ? 0 : header.rawAddedCount);
  last =
      tables.addedTokens() + (raw ? header.rawAddedCount : header.addedCount);
  firstBytes = header.addedFirstBytes[raw ? 0 : 1];
}

/// The tokens of a run are sorted by bytes, so those that share a prefix stand
/// together: each further byte narrows the range.
const TritcAddedToken *AddedTokens::longestAt(size_t position) const {
  uint8_t start = static_cast<uint8_t>(text[position]);
  if (!(firstBytes[start / 8] >> (start % 8) & 1))
    return nullptr;
  const TritcAddedToken *low = first, *high = last, *longest = nullptr;
  for (size_t length = 0; low < high; ++length) {
    if (low->length == length)
      longest = low++;
    if (position + length == text.size())
      break;
    uint8_t wanted = static_cast<uint8_t>(text[position + length]);
    auto byteOf = [&](const TritcAddedToken &token) {
      return static_cast<uint8_t>(tables.spellingOf(token)[length]);
    };
    low = std::partition_point(low, high, [&](const TritcAddedToken &token) {
      return byteOf(token) < wanted;
    });
    high = std::partition_point(low, high, [&](const TritcAddedToken &token) {
      return byteOf(token) == wanted;
    });
  }
  return longest;
}

static bool isSpaceAt(const Tables &tables, std::string_view text,
                      size_t position) {
  return tables.isSpace(decodeUtf8(text, position).value);
}

/// Start of the white space that ends at `position`, not before `limit`.
static size_t skipSpaceBackward(const Tables &tables, std::string_view text,
                                size_t position, size_t limit) {
  while (position > limit) {
    size_t before = position - 1;
    while (before > limit &&
           (static_cast<uint8_t>(text[before]) & 0xc0) == 0x80)
      --before;
    if (!isSpaceAt(tables, text, before))
      break;
    position = before;
  }
  return position;
}

static size_t skipSpaceForward(const Tables &tables, std::string_view text,
                               size_t position) {
  while (position < text.size() && isSpaceAt(tables, text, position))
    position += decodeUtf8(text, position).length;
  return position;
}

AddedStep AddedTokens::next() {
  while (searched < text.size()) {
    const TritcAddedToken *token = longestAt(searched);
    if (!token) {
      ++searched;
      continue;
    }
    size_t begin = searched;
    size_t end = begin + token->length;
    searched = end;
    if (special == SpecialTokens::AsText &&
        token->flags & TRITC_ADDED_PROTECTED)
      continue;
    if (token->flags & TRITC_ADDED_LEFT_STRIP)
      begin = skipSpaceBackward(tables, text, begin, handedOut);
    if (token->flags & TRITC_ADDED_RIGHT_STRIP)
      end = skipSpaceForward(tables, text, end);
    std::string_view before =
        slice(text, handedOut, std::max(begin, handedOut));
    handedOut = std::max(end, handedOut);
    return {before, token->id, token->flags, text.data() + handedOut};
  }
  finished = true;
  return {slice(text, handedOut, text.size()), -1, 0,
          text.data() + text.size()};
}

} // namespace tritc::text
