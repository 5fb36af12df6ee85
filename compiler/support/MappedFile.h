//===- MappedFile.h - A file seen through memory, never read whole --------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace tritc {

/// A regular file mapped read only. Pages are read when they are touched and
/// belong to the page cache. A small one is read at once instead, which takes a
/// fifth of the time of a mapping. Movable, not copyable; views die with it.
class MappedFile {
public:
  /// Maps `path`. Symbolic links are followed (the Hugging Face cache is made
  /// of them). Fails with ExitCode::Unreadable, without blocking, on whatever
  /// is not a readable regular file: directories, FIFOs, devices, link loops.
  static llvm::Expected<MappedFile> open(const llvm::Twine &path);

  /// Bytes in memory as the content of a file `name`. They stay the caller's
  /// and outlive the result.
  static MappedFile of(llvm::ArrayRef<uint8_t> bytes, llvm::StringRef name);

  MappedFile() = default;
  MappedFile(MappedFile &&other) noexcept { *this = std::move(other); }
  MappedFile &operator=(MappedFile &&other) noexcept;
  ~MappedFile();

  llvm::ArrayRef<uint8_t> bytes() const { return {data, size}; }
  llvm::StringRef text() const {
    return {reinterpret_cast<const char *>(data), size};
  }
  llvm::StringRef path() const { return name; }

private:
  const uint8_t *data = nullptr;
  size_t size = 0;
  /// Of a file that we mapped, and have to unmap, or that we read.
  bool isMapped = false, isRead = false;
  std::string name;
};

} // namespace tritc
