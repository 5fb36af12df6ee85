//===- TextDecoder.h - The bytes of a text file as UTF-8 ------------------===//
//
// Editors and shells of other systems put a byte order mark in front, write
// UTF-16, and end lines with two characters. None of that is part of a text.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <cstdint>
#include <string_view>

namespace tritc::text {

/// Decodes a text that comes in parts. A byte order mark is removed and says
/// what the bytes are: UTF-8, UTF-16 or UTF-32, in either byte order. Without
/// one they are UTF-8, which is not checked here. CR LF becomes LF.
class TextDecoder {
public:
  /// Appends the text of the next bytes to `text`, except for what only the
  /// bytes behind them decide.
  void add(std::string_view bytes, base::Array<char> &text);
  /// Appends what was kept back: there are no more bytes.
  void finish(base::Array<char> &text);

  /// What the bytes claim to be and are not, "UTF-16" or "UTF-32"; null while
  /// they are fine.
  const char *malformed() const;

private:
  void begin(base::Array<char> &text);
  void addByte(uint8_t byte, base::Array<char> &text);
  void addUnit(uint32_t unit, base::Array<char> &text);
  void put(uint32_t unit, base::Array<char> &text);

  uint32_t unitBytes = 0; ///< 1, 2 or 4; 0 before the first bytes are known
  bool isBigEndian = false;
  bool isMalformed = false;
  bool heldReturn = false;    ///< a CR whose LF may follow
  uint32_t highSurrogate = 0; ///< the first half of a character, or 0
  uint8_t kept[4];            ///< of a unit, or of a byte order mark
  uint32_t keptCount = 0;
};

} // namespace tritc::text
