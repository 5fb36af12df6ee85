//===- Topology.h - How many threads are worth starting -------------------===//
#pragma once

#include <cstdint>
#include <string_view>

namespace tritc::exec {

constexpr uint32_t maxThreads = 256;

/// CPUs this process may run on.
uint32_t allowedCpus();

/// Physical cores this process may run on: of hyperthreads that share a core
/// only one counts, since a second one adds contention but no memory
/// bandwidth. A cgroup's CPU quota, rounded up, is a further limit.
uint32_t physicalCores();

/// Lowest CPU of a kernel list like "0,64" or "2-3,66-67", for which
/// `isAllowed(cpu, context)` holds; -1 when there is none.
int64_t firstAllowed(std::string_view list, bool (*isAllowed)(uint32_t, void *),
                     void *context);

} // namespace tritc::exec
