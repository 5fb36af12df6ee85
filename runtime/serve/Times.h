//===- Times.h - Times as JSON has them -----------------------------------===//
#pragma once

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <span>

namespace tritc::serve {

/// Since 1970.
inline int64_t nowInNanoseconds() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{1000000000} * now.tv_sec + now.tv_nsec;
}

/// Writes "2026-01-31T12:00:00.123456789Z" (RFC 3339) to `text`.
inline void writeTime(std::span<char> text, int64_t nanoseconds) {
  time_t seconds = nanoseconds / 1000000000;
  struct tm parts = {};
  gmtime_r(&seconds, &parts);
  size_t length =
      strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  snprintf(text.data() + length, text.size() - length, ".%09lldZ",
           static_cast<long long>(nanoseconds % 1000000000));
}

} // namespace tritc::serve
