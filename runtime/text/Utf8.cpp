//===- Utf8.cpp - Reading UTF-8 that may be broken ------------------------===//
//
// Table 3-7 of the Unicode standard, "Well-Formed UTF-8 Byte Sequences".
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Utf8.h"

#include "runtime/text/Slice.h"

namespace tritc::text {

namespace {

/// How a sequence goes on after its first byte.
struct Lead {
  uint32_t trailing;   ///< bytes that must follow
  uint8_t secondFirst; ///< range of the second byte
  uint8_t secondLast;
  uint32_t bits; ///< payload of the first byte
};

} // namespace

/// `trailing` is 0 for a byte that starts nothing.
static Lead leadOf(uint8_t byte) {
  if (byte >= 0xc2 && byte <= 0xdf)
    return {1, 0x80, 0xbf, byte & 0x1fu};
  if (byte >= 0xe0 && byte <= 0xef)
    return {2, static_cast<uint8_t>(byte == 0xe0 ? 0xa0 : 0x80),
            static_cast<uint8_t>(byte == 0xed ? 0x9f : 0xbf), byte & 0x0fu};
  if (byte >= 0xf0 && byte <= 0xf4)
    return {3, static_cast<uint8_t>(byte == 0xf0 ? 0x90 : 0x80),
            static_cast<uint8_t>(byte == 0xf4 ? 0x8f : 0xbf), byte & 0x07u};
  return {0, 0, 0, 0};
}

CodePoint decodeUtf8(std::string_view text, size_t position) {
  uint8_t first = static_cast<uint8_t>(text[position]);
  if (first < 0x80)
    return {first, 1, true, false};
  Lead lead = leadOf(first);
  if (lead.trailing == 0)
    return {replacementCharacter, 1, false, false};
  uint32_t value = lead.bits;
  for (uint32_t i = 1; i <= lead.trailing; ++i) {
    if (position + i == text.size())
      return {replacementCharacter, i, false, true};
    uint8_t byte = static_cast<uint8_t>(text[position + i]);
    uint8_t low = i == 1 ? lead.secondFirst : 0x80;
    uint8_t high = i == 1 ? lead.secondLast : 0xbf;
    if (byte < low || byte > high)
      return {replacementCharacter, i, false, false};
    value = value << 6 | (byte & 0x3fu);
  }
  return {value, lead.trailing + 1, true, false};
}

size_t wellFormedPrefix(std::string_view text) {
  size_t position = 0;
  while (position < text.size()) {
    CodePoint point = decodeUtf8(text, position);
    if (!point.wellFormed)
      break;
    position += point.length;
  }
  return position;
}

void appendUtf8(uint32_t codePoint, base::Array<char> &out) {
  if (codePoint < 0x80)
    return out.push(static_cast<char>(codePoint));
  uint32_t trailing = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
  uint32_t lead = 0xff00u >> (trailing + 1) & 0xff;
  out.push(static_cast<char>(lead | codePoint >> (6 * trailing)));
  while (trailing-- > 0)
    out.push(static_cast<char>(0x80 | (codePoint >> (6 * trailing) & 0x3f)));
}

void appendWellFormed(std::string_view text, base::Array<char> &out) {
  while (!text.empty()) {
    size_t good = wellFormedPrefix(text);
    out.append(slice(text, 0, good));
    text.remove_prefix(good);
    if (text.empty())
      return;
    out.append(replacementBytes);
    text.remove_prefix(decodeUtf8(text, 0).length);
  }
}

} // namespace tritc::text
