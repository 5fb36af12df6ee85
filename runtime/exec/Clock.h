//===- Clock.h - Seconds that never step back -----------------------------===//
#pragma once

#include <time.h>

namespace tritc::exec {

/// Seconds since an arbitrary start.
inline double monotonicSeconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

} // namespace tritc::exec
