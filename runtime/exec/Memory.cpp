//===- Memory.cpp - How much memory is there to take ----------------------===//

#include "runtime/exec/Memory.h"
#include "runtime/exec/SmallFile.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

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
