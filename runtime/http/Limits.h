//===- Limits.h - What a client may ask of a server -----------------------===//
#pragma once

#include <cstddef>
#include <cstdint>

namespace tritc::http {

struct Limits {
  size_t headBytes = size_t{32} << 10; ///< request line and fields
  size_t fields = 100;                 ///< of a head
  size_t bodyBytes = size_t{4} << 20;
  size_t allBodyBytes = size_t{256} << 20; ///< of all requests that are read
  uint32_t connections = 4096;
  double headSeconds = 15; ///< from the first byte of a head to its last
  double bodySeconds = 60;
  double idleSeconds = 75;  ///< between two requests
  double writeSeconds = 30; ///< until a client takes the next byte
};

} // namespace tritc::http
