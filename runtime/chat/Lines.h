//===- Lines.h - A file, line by line -------------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <string_view>

namespace tritc::chat {

/// The lines of an open file as they come, ended by LF or CRLF, without what
/// ends them and without a byte order mark.
class Lines {
public:
  enum class Result {
    Line,
    End,
    Interrupted, ///< Ctrl-C
    Failed,      ///< errno says why
    TooLong,     ///< longer than `longest`
  };
  static constexpr size_t longest = size_t{16} << 20;

  explicit Lines(int descriptor) : descriptor(descriptor) {}

  /// `line` lives until the next call.
  Result next(std::string_view &line);

private:
  Result read();
  std::string_view take(size_t length);

  int descriptor;
  base::Array<char> buffer;
  size_t start = 0;    ///< of what was not returned yet
  bool isFirst = true; ///< before the first line
  bool isEnd = false;
};

} // namespace tritc::chat
