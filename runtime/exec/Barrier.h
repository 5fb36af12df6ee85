//===- Barrier.h - Where the threads of a pool meet -----------------------===//
#pragma once

#include <atomic>
#include <cstdint>

namespace tritc::exec {

/// A barrier for a fixed number of threads that first spins, because a token
/// passes it hundreds of times and its threads arrive microseconds apart, and
/// then sleeps, because with more threads than CPUs the one waited for may not
/// be running.
class Barrier {
public:
  /// \param threadCount who must arrive before anybody leaves
  /// \param spins how often to look before sleeping
  void configure(uint32_t threadCount, uint32_t spins);

  /// Returns in no thread before all have called it; everything written before
  /// the call is visible to all after it.
  void wait();

private:
  // Apart from each other: the last to arrive writes one while all others
  // read the other.
  alignas(64) std::atomic<uint32_t> missing{1};
  alignas(64) std::atomic<uint32_t> generation{0};
  std::atomic<uint32_t> sleepers{0};
  uint32_t threads = 1;
  uint32_t spinLimit = 0;
};

/// One step of a loop that waits for another CPU.
inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

/// Sleeps until `word` is woken, unless it no longer holds `expected`. May
/// return early.
void futexWait(std::atomic<uint32_t> &word, uint32_t expected);
void futexWakeAll(std::atomic<uint32_t> &word);

} // namespace tritc::exec
