//===- ByteAlphabet.h - How tokenizer.json spells bytes -------------------===//
//
// The byte alphabet, written down independently of the importer.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tritc::test {

/// UTF-8 of the character that stands for `byte`.
inline std::string alphabetOf(uint8_t byte) {
  bool itself = (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte != 0xad);
  unsigned codePoint = itself         ? byte
                       : byte <= 0x20 ? 0x100u + byte
                       : byte <= 0xa0 ? 0x121u + (byte - 0x7fu)
                                      : 0x143u;
  if (codePoint < 0x80)
    return std::string(1, static_cast<char>(codePoint));
  return {static_cast<char>(0xc0 | codePoint >> 6),
          static_cast<char>(0x80 | (codePoint & 0x3f))};
}

inline std::string inAlphabet(std::string_view bytes) {
  std::string text;
  for (char byte : bytes)
    text += alphabetOf(static_cast<uint8_t>(byte));
  return text;
}

} // namespace tritc::test
