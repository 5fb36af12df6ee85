//===- Utf8Stream.h - Tokens to text, a whole character at a time ---------===//
//
// A token may end inside a character. The stream holds such a tail back until
// the rest arrives, so a terminal or a pipe never sees half a character.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <string_view>

namespace tritc::text {

/// Turns a stream of bytes into a stream of well-formed UTF-8. However the
/// bytes are cut into pushes, the concatenated output is the same.
class Utf8Stream {
public:
  /// Takes `bytes` and returns all text that is certain now. The view is valid
  /// until the next call.
  std::string_view push(std::string_view bytes);

  /// Ends the stream: returns U+FFFD if a character was left incomplete, else
  /// nothing. The stream is as new afterwards.
  std::string_view flush();

private:
  base::Array<char> text;   ///< what the last call returned
  base::Array<char> joined; ///< the tail and the bytes that complete it
  char tail[3];             ///< start of a character, at most 3 of its 4 bytes
  size_t tailSize = 0;
};

} // namespace tritc::text
