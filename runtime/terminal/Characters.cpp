//===- Characters.cpp - What a user calls a character ---------------------===//

#include "runtime/terminal/Characters.h"
#include "runtime/text/Utf8.h"

#include <algorithm>
#include <iterator>

using namespace tritc;
using namespace tritc::terminal;

namespace {
enum class BreakClass : uint32_t {
  Other,
  Control,
  Extend,
  Joiner,
  SpacingMark,
  Prepend,
  Pictograph,
  Regional,
  HangulL,
  HangulV,
  HangulT,
  HangulLV,
  HangulLVT,
};

/// A code point's class and its columns.
struct Property {
  BreakClass breakClass;
  uint32_t columns;
};
} // namespace

static constexpr uint32_t range(uint32_t first, BreakClass breakClass,
                                uint32_t columns) {
  return first << 8 | static_cast<uint32_t>(breakClass) << 4 | columns;
}

/// First code points of ranges, ascending, with what all in the range have.
static constexpr uint32_t ranges[] = {
#include "runtime/terminal/CharacterTable.inc"
};

static constexpr uint32_t firstSyllable = 0xac00, syllablesPerLV = 28;
static constexpr uint32_t emojiPresentation = 0xfe0f;
/// Emoji from here on came with Unicode 6 and later.
static constexpr uint32_t firstRecent = 0x1f000;

static Property propertyOf(uint32_t point) {
  if (point >= 0x20 && point < 0x7f)
    return {BreakClass::Other, 1};
  const uint32_t *found =
      std::upper_bound(std::begin(ranges), std::end(ranges), point << 8 | 0xff);
  uint32_t entry = found[-1];
  auto breakClass = static_cast<BreakClass>(entry >> 4 & 0xf);
  if (breakClass == BreakClass::HangulLVT &&
      (point - firstSyllable) % syllablesPerLV == 0)
    breakClass = BreakClass::HangulLV;
  return {breakClass, entry & 0xf};
}

/// Rules GB6 to GB8: parts of one Hangul syllable.
static bool isOneSyllable(BreakClass left, BreakClass right) {
  using enum BreakClass;
  switch (left) {
  case HangulL:
    return right == HangulL || right == HangulV || right == HangulLV ||
           right == HangulLVT;
  case HangulLV:
  case HangulV:
    return right == HangulV || right == HangulT;
  case HangulLVT:
  case HangulT:
    return right == HangulT;
  default:
    return false;
  }
}

Cluster terminal::clusterAt(std::string_view text, size_t position) {
  using enum BreakClass;
  auto isAscii = [&](size_t at) {
    return at >= text.size() || static_cast<unsigned char>(text[at]) < 0x80;
  };
  if (isAscii(position) && isAscii(position + 1))
    return {1, isControl(static_cast<unsigned char>(text[position])) ? 0u : 1u,
            true};
  text::CodePoint point = text::decodeUtf8(text, position);
  Property first = propertyOf(point.value);
  Cluster cluster = {point.length, first.columns, point.value < firstRecent};
  BreakClass left = first.breakClass;
  bool isEmoji = false; // shown in two columns, however many parts it has
  bool mayJoin = false; // pictograph Extend* Joiner (rule GB11)
  bool isHalfFlag = left == Regional; // rules GB12 and GB13
  bool isPictograph = left == Pictograph;
  while (position + cluster.bytes < text.size()) {
    if (left == Control)
      break; // GB4
    point = text::decodeUtf8(text, position + cluster.bytes);
    Property next = propertyOf(point.value);
    BreakClass right = next.breakClass;
    bool isFlag = isHalfFlag && right == Regional;
    bool isJoined = mayJoin && right == Pictograph;
    if (right == Control ||
        !(right == Extend || right == Joiner || right == SpacingMark || // GB9
          left == Prepend || isFlag || isJoined || isOneSyllable(left, right)))
      break;
    isEmoji |= isFlag || isJoined ||
               (point.value == emojiPresentation && cluster.columns > 0);
    mayJoin = isPictograph && right == Joiner;
    isPictograph = right == Pictograph || (isPictograph && right == Extend);
    isHalfFlag = right == Regional && !isFlag;
    bool isAddedTo = right == Extend || right == HangulV || right == HangulT;
    cluster.columns += isAddedTo ? 0 : next.columns;
    cluster.bytes += point.length;
    cluster.isCertain = false;
    left = right;
  }
  if (isEmoji)
    cluster.columns = 2;
  return cluster;
}

size_t terminal::clusterBefore(std::string_view text, size_t position) {
  // An ASCII character starts a cluster, whatever comes before it.
  size_t start = position - 1;
  while (start > 0 && static_cast<unsigned char>(text[start]) >= 0x80)
    --start;
  while (true) {
    size_t next = start + clusterAt(text, start).bytes;
    if (next >= position)
      return start;
    start = next;
  }
}

size_t terminal::columnsOf(std::string_view text) {
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    Cluster cluster = clusterAt(text, at);
    columns += cluster.columns;
    at += cluster.bytes;
  }
  return columns;
}

bool terminal::isInWord(std::string_view text, size_t position) {
  uint32_t point = text::decodeUtf8(text, position).value;
  if (point < 0x80)
    return (point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') ||
           (point >= 'A' && point <= 'Z');
  return point >= 0xa0 && !(point >= 0x2000 && point < 0x2070) &&
         !(point >= 0x3000 && point < 0x3040) && point != 0xa0;
}
