//===- Spelling.cpp - Characters as bytes ---------------------------------===//

#include "runtime/grammar/Spelling.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;

/// The state from which `count` following bytes of UTF-8, whichever, lead on.
uint32_t Spelling::behindAny(unsigned count, uint32_t to) {
  if (tailTarget != to) {
    tailTarget = to;
    for (uint32_t &tail : tails)
      tail = UINT32_MAX;
    tails[0] = to;
  }
  for (unsigned i = 1; i <= count; ++i)
    if (tails[i] == UINT32_MAX) {
      tails[i] = builder.state();
      builder.bytes(tails[i], 0x80, 0xbf, tails[i - 1]);
    }
  return tails[count];
}

/// A range whose encodings are one sequence of ranges of bytes.
void Spelling::sequence(uint32_t from, CharRange range, uint32_t to) {
  if (range.last < 0x80)
    return builder.bytes(from, static_cast<uint8_t>(range.first),
                         static_cast<uint8_t>(range.last), to);
  unsigned following = range.last < 0x800 ? 1 : range.last < 0x10000 ? 2 : 3;
  uint32_t mark = following == 1 ? 0xc0 : following == 2 ? 0xe0 : 0xf0;
  for (unsigned left = following + 1; left-- > 0; mark = 0x80) {
    uint32_t payload = mark == 0x80 ? 0x3f : 0x1f;
    uint32_t mask = (1u << (6 * left)) - 1;
    uint8_t first =
        static_cast<uint8_t>(mark | ((range.first >> (6 * left)) & payload));
    uint8_t last =
        static_cast<uint8_t>(mark | ((range.last >> (6 * left)) & payload));
    bool isFree = (range.first & mask) == 0 && (range.last & mask) == mask;
    if (isFree)
      return builder.bytes(from, first, last, behindAny(left, to));
    uint32_t next = builder.state();
    builder.bytes(from, first, last, next);
    from = next;
  }
}

/// Cuts a range where the number of bytes changes, and where a following byte
/// is not free although one before it is.
void Spelling::range(uint32_t from, CharRange whole, uint32_t to) {
  CharRange parts[32] = {whole};
  size_t count = 1;
  while (count) {
    CharRange range = parts[--count];
    if (range.first > range.last)
      continue;
    auto cutBehind = [&](uint32_t end) {
      if (range.first > end || range.last <= end)
        return false;
      parts[count++] = {end + 1, range.last};
      parts[count++] = {range.first, end};
      return true;
    };
    bool isCut = cutBehind(0x7f) || cutBehind(0x7ff) || cutBehind(0xffff);
    for (unsigned i = 1; i < 4 && !isCut && range.last >= 0x80; ++i) {
      uint32_t mask = (1u << (6 * i)) - 1;
      if ((range.first & ~mask) == (range.last & ~mask))
        continue;
      isCut =
          ((range.first & mask) != 0 && cutBehind(range.first | mask)) ||
          ((range.last & mask) != mask && cutBehind((range.last & ~mask) - 1));
    }
    if (!isCut)
      sequence(from, range, to);
  }
}

void Spelling::plain(uint32_t from, std::span<const CharRange> ranges,
                     uint32_t to) {
  for (CharRange r : ranges)
    range(from, r, to);
}

void Spelling::hex(uint32_t from, uint8_t first, uint8_t last, uint32_t to) {
  auto part = [&](int low, int high, int shift) {
    low = std::max<int>(low, first);
    high = std::min<int>(high, last);
    if (low <= high)
      builder.bytes(from, static_cast<uint8_t>(low + shift),
                    static_cast<uint8_t>(high + shift), to);
  };
  part(0, 9, '0');
  part(10, 15, 'a' - 10);
  part(10, 15, 'A' - 10);
}

static constexpr struct {
  uint8_t value;
  char letter;
} shortEscapes[] = {{'"', '"'},  {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'},
                    {'\n', 'n'}, {'\r', 'r'},  {'\t', 't'}};

void Spelling::control(uint32_t from, uint8_t value, uint32_t to) {
  uint32_t escape = builder.literal(from, "\\");
  for (auto known : shortEscapes)
    if (value == known.value) {
      uint8_t letter = static_cast<uint8_t>(known.letter);
      return builder.bytes(escape, letter, letter, to);
    }
  uint32_t last = builder.literal(escape, value < 16 ? "u000" : "u001");
  hex(last, value % 16, value % 16, to);
}

void Spelling::inJson(uint32_t from, std::span<const CharRange> ranges,
                      uint32_t to) {
  for (CharRange whole : ranges) {
    uint32_t next = whole.first;
    auto escape = [&](uint32_t value) {
      if (value < next || value > whole.last)
        return;
      if (next < value)
        range(from, {next, value - 1}, to);
      control(from, static_cast<uint8_t>(value), to);
      next = value + 1;
    };
    for (uint32_t value = 0; value < 0x20; ++value)
      escape(value);
    escape('"');
    escape('\\');
    if (next <= whole.last)
      range(from, {next, whole.last}, to);
  }
}

void Spelling::anyInJson(uint32_t from, uint32_t to) {
  for (CharRange r :
       {CharRange{0x20, '"' - 1}, CharRange{'"' + 1, '\\' - 1},
        CharRange{'\\' + 1, 0xd7ff}, CharRange{0xe000, CharSet::largest}})
    range(from, r, to);
  uint32_t escape = builder.literal(from, "\\");
  builder.bytes(escape, '/', '/', to);
  for (auto known : shortEscapes) {
    uint8_t letter = static_cast<uint8_t>(known.letter);
    builder.bytes(escape, letter, letter, to);
  }
  uint32_t digits = builder.literal(escape, "u");
  uint32_t three = builder.state(), two = builder.state(),
           one = builder.state();
  hex(three, 0, 15, two);
  hex(two, 0, 15, one);
  hex(one, 0, 15, to);
  hex(digits, 0, 12, three);
  hex(digits, 14, 15, three);
  // \ud800 to \udbff stand for half a character, with \udc00 to \udfff.
  uint32_t surrogate = builder.state(), high = builder.state(),
           higher = builder.state(), pair = builder.state();
  hex(digits, 13, 13, surrogate);
  hex(surrogate, 0, 7, two);
  hex(surrogate, 8, 11, high);
  hex(high, 0, 15, higher);
  hex(higher, 0, 15, pair);
  uint32_t second = builder.literal(pair, "\\u");
  uint32_t low = builder.state();
  hex(second, 13, 13, low);
  hex(low, 12, 15, two);
}
