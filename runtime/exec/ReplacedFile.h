//===- ReplacedFile.h - A file that is there whole or not at all ----------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/base/Failure.h"

#include <span>
#include <string_view>

namespace tritc::exec {

/// Writes beside `path`, under a temporary name, and takes its place when all
/// is written; whoever reads it meanwhile sees the old file. Readable for its
/// owner alone. Unless kept, it is gone with this object.
class ReplacedFile {
public:
  explicit ReplacedFile(std::string_view path);
  ~ReplacedFile();
  ReplacedFile(const ReplacedFile &) = delete;
  ReplacedFile &operator=(const ReplacedFile &) = delete;

  /// After the first error nothing is written; keep() tells.
  void write(std::span<const uint8_t> bytes);
  void write(std::string_view text);
  /// Puts the file in its place. OutputFailed with its name.
  base::Failure keep();

private:
  base::Array<char> path, temporary; ///< with a zero at their ends
  int file = -1;
  int errorNumber = 0;
};

} // namespace tritc::exec
