//===- Lines.cpp - A file, line by line -----------------------------------===//

#include "runtime/chat/Lines.h"
#include "runtime/chat/Interrupt.h"

#include <cerrno>
#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;

/// More of the file, behind what is left of it.
Lines::Result Lines::read() {
  constexpr size_t readBytes = 65536;
  size_t rest = buffer.size() - start;
  memmove(buffer.data(), buffer.data() + start, rest);
  buffer.resize(rest);
  start = 0;
  buffer.reserve(rest + readBytes);
  while (true) {
    if (!Interrupt::waitForInput(descriptor))
      return Result::Interrupted;
    ssize_t got = ::read(descriptor, buffer.data() + rest, readBytes);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return Result::Failed;
    isEnd = got == 0;
    buffer.adopt(static_cast<size_t>(got));
    return Result::Line;
  }
}

std::string_view Lines::take(size_t length) {
  std::string_view line(buffer.data() + start, length);
  if (isFirst && line.starts_with("\xef\xbb\xbf"))
    line.remove_prefix(3);
  isFirst = false;
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

Lines::Result Lines::next(std::string_view &line) {
  for (size_t seen = 0;;) {
    size_t rest = buffer.size() - start;
    const void *end =
        rest > seen ? memchr(buffer.data() + start + seen, '\n', rest - seen)
                    : nullptr;
    if (end) {
      size_t length = static_cast<size_t>(static_cast<const char *>(end) -
                                          (buffer.data() + start));
      line = take(length);
      start += length + 1;
      return Result::Line;
    }
    if (isEnd && rest == 0)
      return Result::End;
    if (isEnd) {
      line = take(rest);
      start += rest;
      return Result::Line;
    }
    if (rest > longest)
      return Result::TooLong;
    seen = rest;
    if (Result result = read(); result != Result::Line)
      return result;
  }
}
