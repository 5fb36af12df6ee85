//===- Barrier.cpp - Where the threads of a pool meet ---------------------===//

#include "runtime/exec/Barrier.h"
#include "runtime/abi/Program.h"

#include <climits>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace tritc::exec;

void tritc::exec::futexWait(std::atomic<uint32_t> &word, uint32_t expected) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}

void tritc::exec::futexWakeAll(std::atomic<uint32_t> &word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

void Barrier::configure(uint32_t threadCount, uint32_t spins) {
  threads = threadCount;
  spinLimit = spins;
  missing.store(threadCount, std::memory_order_relaxed);
}

void Barrier::wait() {
  if (threads == 1)
    return;
  uint32_t entered = generation.load(std::memory_order_relaxed);
  if (missing.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    missing.store(threads, std::memory_order_relaxed);
    // Sequentially consistent on both sides: either the sleeper sees the new
    // generation, or the store's thread sees the sleeper.
    generation.store(entered + 1, std::memory_order_seq_cst);
    if (sleepers.load(std::memory_order_seq_cst) != 0)
      futexWakeAll(generation);
    return;
  }
  for (uint32_t spin = 0; spin < spinLimit; ++spin) {
    if (generation.load(std::memory_order_acquire) != entered)
      return;
    pause();
  }
  sleepers.fetch_add(1, std::memory_order_seq_cst);
  while (generation.load(std::memory_order_seq_cst) == entered)
    futexWait(generation, entered);
  sleepers.fetch_sub(1, std::memory_order_relaxed);
}

void tritc_barrier(void *barrier) { static_cast<Barrier *>(barrier)->wait(); }
