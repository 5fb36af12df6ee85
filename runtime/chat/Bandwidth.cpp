//===- Bandwidth.cpp - How fast this machine reads memory -----------------===//

#include "runtime/chat/Bandwidth.h"
#include "runtime/exec/Clock.h"
#include "runtime/exec/Memory.h"

#include <algorithm>
#include <cstring>

using namespace tritc;
using namespace tritc::chat;

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

static constexpr ReadLoop readLoops[Bandwidth::loopCount] = {
    readAll<1, 0>,    readAll<1, 512>, readAll<1, 1024>, readAll<1, 4096>,
    readAll<2, 1024>, readAll<4, 0>,   readAll<4, 512>,  readAll<8, 1024>,
};

/// Passes go through parts of the memory in turn, so that none finds in a cache
/// what the one before has read.
static constexpr size_t parts = 4;
/// Other work between two samples, which take about 50 ms each.
static constexpr double interval = 0.2;

/// 1 GiB, or a quarter of what a small machine or a cgroup has left.
static size_t wantedBytes() {
  return std::min(exec::availableMemory() / 4, size_t{1} << 30);
}

bool Bandwidth::start(exec::ThreadPool &threads) {
  // A part is whole pages, for each of up to eight streams.
  constexpr size_t unit = 8 * 4096;
  pool = &threads;
  part = wantedBytes() / (threads.size() * parts) / unit * unit;
  if (part == 0 || !memory.allocate(part * parts * threads.size()))
    return false;
  // Written by its reader: pages of its own, on its own node.
  size_t share = part * parts;
  pool->run([&](uint32_t thread) {
    memset(memory.data() + thread * share, static_cast<int>(thread + 1), share);
  });
  return true;
}

void Bandwidth::restart() {
  seconds.fill(0);
  samples = 0;
  sample();
}

void Bandwidth::passed(double spent) {
  unmeasured += spent;
  if (unmeasured >= interval)
    sample();
}

double Bandwidth::finish() {
  sample();
  double best = *std::min_element(seconds.begin(), seconds.end());
  return static_cast<double>(samples * part * pool->size()) / best;
}

void Bandwidth::sample() {
  std::atomic<uint64_t> sink{0}; // so that no read is left out
  for (size_t loop = 0; loop < loopCount; ++loop) {
    size_t offset = next++ % parts * part;
    double before = exec::monotonicSeconds();
    pool->run([&](uint32_t thread) {
      const uint8_t *own = memory.data() + thread * part * parts;
      sink.fetch_xor(readLoops[loop](own + offset, part));
    });
    seconds[loop] += exec::monotonicSeconds() - before;
  }
  ++samples;
  unmeasured = 0;
}
