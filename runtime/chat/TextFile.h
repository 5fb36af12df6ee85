//===- TextFile.h - Text from files and standard input --------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/base/Failure.h"

#include <cstdint>
#include <string_view>

namespace tritc::chat {

/// A file that is open, with the name that messages give it.
struct OpenFile {
  int descriptor;
  const char *name;
};

/// How much text is read at most.
struct TextLimit {
  size_t bytes;
  uint32_t contextSize; ///< tokens that cannot hold more; 0: for another reason
};

/// For texts that need not fit into the context.
inline constexpr TextLimit largestText = {16 << 20, 0};

/// For files of many texts.
inline constexpr TextLimit largestBatch = {size_t{1} << 30, 0};

/// Usage: `what` is longer than `limit`.
base::Failure tooLong(const char *what, TextLimit limit);

/// Appends the text of what is left of `file`: without a byte order mark, as
/// UTF-8, lines ended by LF, without the last LF, which belongs to the file.
/// Reading ends with tooLong() a little behind the limit. Unreadable with the
/// file's name when it fails, Interrupted without a message after Ctrl-C.
base::Failure readText(OpenFile file, TextLimit limit, base::Array<char> &text);

/// Opens `path` for one of the readers here. "-" is standard input.
class InputFile {
public:
  explicit InputFile(std::string_view path);
  InputFile(const InputFile &) = delete;
  ~InputFile();

  base::Failure failure() const;
  OpenFile file() const { return {descriptor, name.data()}; }
  /// Whether it is the same file as standard input, under whatever name.
  bool isStandardInput() const;

private:
  base::Array<char> name;
  int descriptor = -1;
  int error = 0;
};

/// Appends the text of the file called `path`, as readText() does.
base::Failure readTextFile(std::string_view path, TextLimit limit,
                           base::Array<char> &text);

} // namespace tritc::chat
