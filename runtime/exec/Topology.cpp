//===- Topology.cpp - How many threads are worth starting -----------------===//

#include "runtime/exec/Topology.h"
#include "runtime/exec/SmallFile.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sched.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::exec;

namespace {
/// The kernel's CPU mask, large enough for any machine of today.
struct CpuMask {
  static constexpr uint32_t cpuCount = 8192;
  unsigned long words[cpuCount / (8 * sizeof(unsigned long))] = {};

  bool has(uint32_t cpu) const {
    constexpr uint32_t bits = 8 * sizeof(unsigned long);
    return cpu < cpuCount && (words[cpu / bits] >> (cpu % bits) & 1);
  }
};
} // namespace

static bool isInMask(uint32_t cpu, void *mask) {
  return static_cast<const CpuMask *>(mask)->has(cpu);
}

static bool readMask(CpuMask &mask) {
  return sched_getaffinity(0, sizeof(mask.words),
                           reinterpret_cast<cpu_set_t *>(mask.words)) == 0;
}

int64_t tritc::exec::firstAllowed(std::string_view list,
                                  bool (*isAllowed)(uint32_t, void *),
                                  void *context) {
  size_t at = 0;
  auto number = [&]() -> int64_t {
    if (at == list.size() || list[at] < '0' || list[at] > '9')
      return -1;
    int64_t value = 0;
    while (at < list.size() && list[at] >= '0' && list[at] <= '9' &&
           value < CpuMask::cpuCount)
      value = value * 10 + (list[at++] - '0');
    return value;
  };
  while (at < list.size()) {
    int64_t first = number();
    int64_t last = first;
    if (at < list.size() && list[at] == '-') {
      ++at;
      last = number();
    }
    if (first < 0 || last < 0 || last >= CpuMask::cpuCount)
      return -1;
    for (int64_t cpu = first; cpu <= last; ++cpu)
      if (isAllowed(static_cast<uint32_t>(cpu), context))
        return cpu;
    if (at == list.size() || list[at] != ',')
      return -1;
    ++at;
  }
  return -1;
}

uint32_t tritc::exec::allowedCpus() {
  CpuMask mask;
  if (!readMask(mask))
    return static_cast<uint32_t>(std::max(1l, sysconf(_SC_NPROCESSORS_ONLN)));
  uint32_t count = 0;
  for (uint32_t cpu = 0; cpu < CpuMask::cpuCount; ++cpu)
    count += mask.has(cpu);
  return std::max(count, 1u);
}

/// CPUs worth of time a cgroup grants per period, rounded up; 0 without limit.
static uint32_t cgroupQuota() {
  char buffer[256];
  std::string_view text = readSmall("/sys/fs/cgroup/cpu.max", buffer);
  char *rest = buffer;
  if (text.empty() || text.substr(0, 3) == "max")
    return 0;
  unsigned long quota = strtoul(buffer, &rest, 10);
  unsigned long period = strtoul(rest, nullptr, 10);
  if (quota == 0 || period == 0)
    return 0;
  return static_cast<uint32_t>((quota - 1) / period + 1);
}

uint32_t tritc::exec::physicalCores() {
  CpuMask mask;
  if (!readMask(mask))
    return std::min(allowedCpus(), maxThreads);
  uint32_t cores = 0;
  for (uint32_t cpu = 0; cpu < CpuMask::cpuCount; ++cpu) {
    if (!mask.has(cpu))
      continue;
    char path[96];
    snprintf(path, sizeof(path),
             "/sys/devices/system/cpu/cpu%u/topology/thread_siblings_list",
             cpu);
    char buffer[256];
    int64_t first = firstAllowed(readSmall(path, buffer), isInMask, &mask);
    // Unknown topology counts as a core of its own.
    cores += first < 0 || first == cpu;
  }
  if (uint32_t quota = cgroupQuota())
    cores = std::min(cores, quota);
  return std::clamp(cores, 1u, maxThreads);
}
