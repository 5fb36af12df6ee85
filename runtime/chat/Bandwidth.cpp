//===- Bandwidth.cpp - How fast this machine reads memory -----------------===//

#include "runtime/chat/Bandwidth.h"
#include "runtime/exec/Clock.h"
#include "runtime/exec/Mapping.h"
#include "runtime/exec/Memory.h"

#include <algorithm>
#include <cstring>

using namespace tritc;

namespace {
typedef uint64_t Vector __attribute__((vector_size(16)));

/// Reads [data, data + bytes), bytes a multiple of 4096, and returns something
/// that depends on all of it.
using ReadLoop = uint64_t (*)(const uint8_t *data, size_t bytes);
} // namespace

/// Streams: how many places are read at once, evenly apart. Distance: bytes
/// ahead that are prefetched; 0 leaves it to the hardware. Which pair wins
/// depends on the CPU by up to 30 %, so all are tried.
template <size_t streams, size_t distance>
static uint64_t readAll(const uint8_t *data, size_t bytes) {
  Vector sums[4] = {};
  size_t part = bytes / streams;
  for (size_t at = 0; at < part; at += 64) {
    for (size_t stream = 0; stream < streams; ++stream) {
      const uint8_t *line = data + stream * part + at;
      if (distance)
        __builtin_prefetch(line + distance, 0, 3);
      for (size_t i = 0; i < 4; ++i)
        sums[i] ^= *reinterpret_cast<const Vector *>(line + 16 * i);
    }
  }
  Vector all = sums[0] ^ sums[1] ^ sums[2] ^ sums[3];
  return all[0] ^ all[1];
}

static constexpr ReadLoop readLoops[] = {
    readAll<1, 0>,    readAll<1, 512>, readAll<1, 1024>, readAll<1, 4096>,
    readAll<2, 1024>, readAll<4, 0>,   readAll<4, 512>,  readAll<8, 1024>,
};
static constexpr int passes = 3;

/// 1 GiB, or a quarter of what a small machine or a cgroup has left.
static size_t wantedBytes() {
  return std::min(exec::availableMemory() / 4, size_t{1} << 30);
}

double chat::measureStreamBandwidth(exec::ThreadPool &pool) {
  // Shares are whole pages, for each of up to eight streams.
  size_t share = wantedBytes() / pool.size() / (8 * 4096) * (8 * 4096);
  exec::Mapping memory;
  if (share == 0 || !memory.allocate(share * pool.size()))
    return 0;
  // Written by its reader: pages of its own, on its own node.
  pool.run([&](uint32_t thread) {
    memset(memory.data() + thread * share, static_cast<int>(thread + 1), share);
  });

  double best = 0;
  std::atomic<uint64_t> sink{0}; // so that no read is left out
  for (ReadLoop loop : readLoops)
    for (int pass = 0; pass < passes; ++pass) {
      double before = exec::monotonicSeconds();
      pool.run([&](uint32_t thread) {
        sink.fetch_xor(loop(memory.data() + thread * share, share));
      });
      double seconds = exec::monotonicSeconds() - before;
      best = std::max(best, static_cast<double>(memory.size()) / seconds);
    }
  return best;
}
