//===- Memory.cpp - How much memory is there to take ----------------------===//

#include "runtime/exec/Memory.h"
#include "runtime/exec/SmallFile.h"

#include <algorithm>
#include <cstdlib>
#include <sys/ioctl.h>

using namespace tritc;
using namespace tritc::exec;

size_t tritc::exec::bytesOf(std::string_view text, std::string_view name) {
  size_t at = text.find(name);
  if (at == text.npos || at + name.size() >= text.size() ||
      text[at + name.size()] != ':')
    return 0;
  return strtoull(text.data() + at + name.size() + 1, nullptr, 10) * 1024;
}

/// The number in a file; `otherwise` where there is none, such as "max".
static size_t numberIn(const char *path, size_t otherwise) {
  char buffer[256];
  std::string_view text = readSmall(path, buffer);
  if (text.empty() || text[0] < '0' || text[0] > '9')
    return otherwise;
  return strtoull(buffer, nullptr, 10);
}

size_t tritc::exec::availableMemory() {
  char buffer[256];
  size_t system = bytesOf(readSmall("/proc/meminfo", buffer), "MemAvailable");
  if (system == 0)
    system = static_cast<size_t>(sysconf(_SC_AVPHYS_PAGES)) *
             static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size_t limit = numberIn("/sys/fs/cgroup/memory.max", SIZE_MAX);
  size_t taken = numberIn("/sys/fs/cgroup/memory.current", 0);
  return std::min(system, limit - std::min(limit, taken));
}

bool tritc::exec::grantsHugePages() {
  char buffer[256];
  std::string_view modes =
      readSmall("/sys/kernel/mm/transparent_hugepage/enabled", buffer);
  return !modes.empty() && modes.find("[never]") == modes.npos;
}

namespace {
/// struct page_region and struct pm_scan_arg of linux/fs.h, which systems older
/// than the kernel that runs this do not have.
struct PageRegion {
  uint64_t start, end, categories;
};
struct PageScan {
  uint64_t size, flags, start, end, walkEnd, regions, regionCount, mostPages,
      inverted, wanted, anyOf, returned;
};
} // namespace

/// Is the page of `address`, which has been read, part of a huge one?
static bool isInHugePage(int pagemap, const uint8_t *address) {
  constexpr uint64_t pageBytes = 4096, isHuge = 1 << 6;
  PageRegion region{};
  PageScan scan{};
  scan.size = sizeof(scan);
  scan.start = reinterpret_cast<uintptr_t>(address) / pageBytes * pageBytes;
  scan.end = scan.start + pageBytes;
  scan.regions = reinterpret_cast<uintptr_t>(&region);
  scan.regionCount = 1;
  scan.wanted = scan.returned = isHuge;
  return ioctl(pagemap, _IOWR('f', 16, PageScan), &scan) == 1;
}

bool tritc::exec::liesInHugePages(const uint8_t *start, size_t bytes) {
  constexpr size_t samples = 32, least = 28;
  if (bytes < samples)
    return false;
  int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (pagemap < 0)
    return false;
  size_t huge = 0;
  for (size_t i = 0; i < samples; ++i) {
    const uint8_t *sample = start + (bytes / samples) * i + bytes / samples / 2;
    *const_cast<const volatile uint8_t *>(sample);
    huge += isInHugePage(pagemap, sample);
  }
  close(pagemap);
  return huge >= least;
}
