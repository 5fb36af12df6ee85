//===- Utf8Stream.cpp - Tokens to text, a whole character at a time -------===//

#include "runtime/text/Utf8Stream.h"

#include "runtime/text/Slice.h"
#include "runtime/text/Utf8.h"

namespace tritc::text {

/// Start of the incomplete character that `bytes` ends with; bytes.size() if
/// there is none.
static size_t startOfTail(std::string_view bytes) {
  size_t earliest = bytes.size() > 3 ? bytes.size() - 3 : 0;
  for (size_t start = bytes.size(); start-- > earliest;) {
    bool continuation = (static_cast<uint8_t>(bytes[start]) & 0xc0) == 0x80;
    if (continuation)
      continue;
    CodePoint point = decodeUtf8(bytes, start);
    return point.cutOff ? start : bytes.size();
  }
  return bytes.size();
}

std::string_view Utf8Stream::push(std::string_view bytes) {
  if (tailSize > 0) {
    joined.clear();
    joined.append(tail, tailSize);
    joined.append(bytes);
    bytes = joined.view();
  }
  size_t complete = startOfTail(bytes);
  text.clear();
  appendWellFormed(slice(bytes, 0, complete), text);
  tailSize = bytes.size() - complete;
  for (size_t i = 0; i < tailSize; ++i)
    tail[i] = bytes[complete + i];
  return text.view();
}

std::string_view Utf8Stream::flush() {
  bool broken = tailSize > 0;
  tailSize = 0;
  return broken ? replacementBytes : std::string_view();
}

} // namespace tritc::text
