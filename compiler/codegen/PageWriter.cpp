//===- PageWriter.cpp - A range of a file, written by whole large pages ---===//

#include "compiler/codegen/PageWriter.h"

#include "compiler/codegen/FileIO.h"

#include "llvm/ADT/STLExtras.h"

#include <cstring>

namespace tritc::codegen {

static constexpr uint64_t pageBytes = 2 << 20;

PageWriter::PageWriter(int fd, uint64_t offset, uint64_t bytes,
                       llvm::ArrayRef<Part> parts, llvm::StringRef path)
    : fd(fd), begin(offset), end(offset + bytes), path(path) {
  for (const Part &part : parts)
    forPages(part.offset, part.bytes,
             [&](uint64_t page, uint64_t from, uint64_t to) {
               missing[page] += to - from;
             });
}

void PageWriter::forPages(
    uint64_t at, uint64_t bytes,
    llvm::function_ref<void(uint64_t, uint64_t, uint64_t)> body) {
  uint64_t last = begin + at + bytes;
  for (uint64_t from = begin + at; from < last;) {
    uint64_t page = from / pageBytes;
    uint64_t to = std::min(last, (page + 1) * pageBytes);
    body(page, from, to);
    from = to;
  }
}

uint8_t *PageWriter::bufferOf(uint64_t page) {
  std::lock_guard lock(mutex);
  std::unique_ptr<uint8_t[]> &buffer = open[page];
  if (buffer)
    return buffer.get();
  if (spare.empty())
    spare.push_back(std::make_unique_for_overwrite<uint8_t[]>(pageBytes));
  buffer = std::move(spare.back());
  spare.pop_back();
  // Nothing of it has been added yet, so these are all bytes that will be.
  if (missing[page] != pageBytes)
    std::memset(buffer.get(), 0, pageBytes);
  return buffer.get();
}

std::unique_ptr<uint8_t[]> PageWriter::finish(uint64_t page, uint64_t bytes) {
  std::lock_guard lock(mutex);
  uint64_t &left = missing[page];
  left -= bytes;
  if (left != 0)
    return nullptr;
  return std::move(open.extract(page).mapped());
}

llvm::Error PageWriter::add(uint64_t at, llvm::ArrayRef<uint8_t> bytes) {
  llvm::Error failure = llvm::Error::success();
  forPages(at, bytes.size(), [&](uint64_t page, uint64_t from, uint64_t to) {
    uint64_t start = page * pageBytes;
    std::memcpy(bufferOf(page) + (from - start),
                bytes.data() + (from - begin - at), to - from);
    std::unique_ptr<uint8_t[]> buffer = finish(page, to - from);
    if (!buffer)
      return;
    uint64_t first = std::max(start, begin);
    uint64_t last = std::min(start + pageBytes, end);
    failure = llvm::joinErrors(
        std::move(failure),
        writeAt(fd, first,
                llvm::ArrayRef(buffer.get() + (first - start), last - first),
                path));
    std::lock_guard lock(mutex);
    spare.push_back(std::move(buffer));
  });
  return failure;
}

} // namespace tritc::codegen
