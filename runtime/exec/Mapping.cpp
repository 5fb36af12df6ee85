//===- Mapping.cpp - Anonymous memory straight from the kernel ------------===//

#include "runtime/exec/Mapping.h"

#include <sys/mman.h>

using namespace tritc;
using namespace tritc::exec;

static constexpr size_t hugePageBytes = size_t{2} << 20;
static constexpr size_t pageBytes = 4096;

bool Mapping::allocate(size_t wantedBytes) {
  release();
  if (wantedBytes == 0)
    return true;
  bool huge = wantedBytes >= hugePageBytes;
  size_t slack = huge ? hugePageBytes : 0;
  if (wantedBytes > SIZE_MAX - slack - pageBytes)
    return false;
  size_t total = wantedBytes + slack;
  void *mapped = mmap(nullptr, total, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED)
    return false;
  base = mapped;
  baseBytes = total;
  bytes = wantedBytes;
  uintptr_t address = reinterpret_cast<uintptr_t>(mapped);
  start = static_cast<uint8_t *>(mapped) + (slack ? -address % slack : 0);
  if (huge)
    madvise(start, bytes, MADV_HUGEPAGE); // refused: slower, still right
  return true;
}

void Mapping::useSmallPages(size_t offset, size_t count) {
  size_t first = (offset + pageBytes - 1) / pageBytes * pageBytes;
  size_t end = (offset + count) / pageBytes * pageBytes;
  if (first < end)
    madvise(start + first, end - first, MADV_NOHUGEPAGE);
}

void Mapping::release() {
  if (base)
    munmap(base, baseBytes);
  base = nullptr;
  start = nullptr;
  bytes = baseBytes = 0;
}

size_t Arena::place(size_t bytes) {
  size_t offset = placedBytes;
  size_t rounded = bytes > SIZE_MAX - pageBytes
                       ? SIZE_MAX
                       : (bytes + pageBytes - 1) / pageBytes * pageBytes;
  // An absurd size must fail in map(), not wrap around to a small one.
  placedBytes = offset > SIZE_MAX - rounded ? SIZE_MAX : offset + rounded;
  return offset;
}
