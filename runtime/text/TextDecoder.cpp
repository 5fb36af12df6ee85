//===- TextDecoder.cpp - The bytes of a text file as UTF-8 ----------------===//

#include "runtime/text/TextDecoder.h"

#include "runtime/text/Utf8.h"

namespace tritc::text {

namespace {
struct ByteOrderMark {
  std::string_view bytes;
  uint32_t unitBytes;
  bool isBigEndian;
};
} // namespace

/// Longer ones first: that of UTF-32 begins like that of UTF-16.
static constexpr ByteOrderMark marks[] = {
    {std::string_view("\xff\xfe\0\0", 4), 4, false},
    {std::string_view("\0\0\xfe\xff", 4), 4, true},
    {"\xef\xbb\xbf", 1, false},
    {"\xff\xfe", 2, false},
    {"\xfe\xff", 2, true},
};

void TextDecoder::add(std::string_view bytes, base::Array<char> &text) {
  for (char byte : bytes)
    addByte(static_cast<uint8_t>(byte), text);
}

/// Knows the first bytes, as many as there are, for what they are.
void TextDecoder::begin(base::Array<char> &text) {
  std::string_view first(reinterpret_cast<const char *>(kept), keptCount);
  size_t skipped = 0;
  unitBytes = 1;
  for (const ByteOrderMark &mark : marks)
    if (first.starts_with(mark.bytes)) {
      unitBytes = mark.unitBytes;
      isBigEndian = mark.isBigEndian;
      skipped = mark.bytes.size();
      break;
    }
  uint8_t rest[sizeof(kept)];
  size_t count = keptCount - skipped;
  memcpy(rest, kept + skipped, count);
  keptCount = 0;
  for (size_t i = 0; i < count; ++i)
    addByte(rest[i], text);
}

void TextDecoder::addByte(uint8_t byte, base::Array<char> &text) {
  if (unitBytes == 1)
    return put(byte, text);
  kept[keptCount++] = byte;
  if (unitBytes == 0) {
    if (keptCount == sizeof(kept))
      begin(text);
    return;
  }
  if (keptCount < unitBytes)
    return;
  uint32_t unit = 0;
  for (uint32_t i = 0; i < unitBytes; ++i)
    unit = unit << 8 | kept[isBigEndian ? i : unitBytes - 1 - i];
  keptCount = 0;
  addUnit(unit, text);
}

/// A unit of UTF-16 or UTF-32.
void TextDecoder::addUnit(uint32_t unit, base::Array<char> &text) {
  bool isHigh = unit >= 0xd800 && unit < 0xdc00;
  bool isLow = unit >= 0xdc00 && unit < 0xe000;
  bool isPaired = unitBytes == 2 && highSurrogate != 0 && isLow;
  if (isPaired)
    unit = 0x10000 + ((highSurrogate - 0xd800) << 10) + (unit - 0xdc00);
  else if (highSurrogate != 0 || isLow || unit > 0x10ffff ||
           (isHigh && unitBytes == 4))
    isMalformed = true;
  highSurrogate = isHigh ? unit : 0;
  if (!isHigh && !isMalformed)
    put(unit, text);
}

/// A byte of UTF-8, or a character of the other encodings.
void TextDecoder::put(uint32_t unit, base::Array<char> &text) {
  if (heldReturn && unit != '\n')
    text.push('\r');
  heldReturn = unit == '\r';
  if (heldReturn)
    return;
  if (unitBytes == 1)
    text.push(static_cast<char>(unit));
  else
    appendUtf8(unit, text);
}

void TextDecoder::finish(base::Array<char> &text) {
  if (unitBytes == 0)
    begin(text);
  if (keptCount > 0 || highSurrogate != 0)
    isMalformed = true;
  if (heldReturn)
    text.push('\r');
  heldReturn = false;
}

const char *TextDecoder::malformed() const {
  if (!isMalformed)
    return nullptr;
  return unitBytes == 4 ? "UTF-32" : "UTF-16";
}

} // namespace tritc::text
