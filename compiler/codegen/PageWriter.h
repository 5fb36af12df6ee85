//===- PageWriter.h - A range of a file, written by whole large pages -----===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace tritc::codegen {

/// Gathers pieces of a range of a file and writes each large page (2 MiB of the
/// file) with one call, as soon as all of its pieces are there. The system then
/// caches it in one block, and whoever maps the file gets it with one page
/// fault instead of 32 or 512. Holds the pages that have begun.
class PageWriter {
public:
  /// A part of the range; parts do not overlap.
  struct Part {
    uint64_t offset; ///< from the start of the range
    uint64_t bytes;
  };

  /// For the range [offset, offset + bytes) of the file `fd`, of which `parts`
  /// will be added; what no part covers becomes zeros in pages that a part is
  /// in. `path` is for messages.
  PageWriter(int fd, uint64_t offset, uint64_t bytes,
             llvm::ArrayRef<Part> parts, llvm::StringRef path);

  /// Takes the bytes of a part, or of some of it; any thread may. Fails as
  /// writeAt does.
  llvm::Error add(uint64_t at, llvm::ArrayRef<uint8_t> bytes);

private:
  /// Calls `body(page, begin, end)` for the pages of a part, in bytes of the
  /// file.
  void forPages(uint64_t at, uint64_t bytes,
                llvm::function_ref<void(uint64_t, uint64_t, uint64_t)> body);
  uint8_t *bufferOf(uint64_t page);
  /// The page, if it was all that was missing.
  std::unique_ptr<uint8_t[]> finish(uint64_t page, uint64_t bytes);

  const int fd;
  const uint64_t begin, end; ///< of the range in the file
  const std::string path;
  std::mutex mutex;
  std::map<uint64_t, uint64_t> missing; ///< bytes that a page waits for
  std::map<uint64_t, std::unique_ptr<uint8_t[]>> open;
  std::vector<std::unique_ptr<uint8_t[]>> spare; ///< written, to be used again
};

} // namespace tritc::codegen
