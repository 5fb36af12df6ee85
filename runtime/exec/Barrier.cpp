//===- Barrier.cpp - Where the threads of a pool meet ---------------------===//

#include "runtime/exec/Barrier.h"
#include "runtime/exec/Clock.h"

#include <climits>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::exec;

static void relaxCpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

bool Signal::changesWithin(uint32_t old, double seconds) {
  double end = monotonicSeconds() + seconds;
  do {
    for (uint32_t spin = 0; spin < 50; ++spin) {
      if (value() != old)
        return true;
      relaxCpu();
    }
  } while (monotonicSeconds() < end);
  return false;
}

/// Spins on, and offers the CPU once. If somebody took it, others use the CPUs
/// and the one waited for may need this very one: the next waits do not spin
/// on.
bool Signal::changesUnlessBusy(uint32_t old, double seconds) {
  constexpr uint32_t doubtfulWaits = 64;
  constexpr double takenSeconds = 20e-6;
  uint32_t left = doubts.load(std::memory_order_relaxed);
  if (left) {
    doubts.store(left - 1, std::memory_order_relaxed);
    return false;
  }
  if (changesWithin(old, seconds))
    return true;
  double before = monotonicSeconds();
  sched_yield();
  if (monotonicSeconds() - before > takenSeconds)
    doubts.store(doubtfulWaits, std::memory_order_relaxed);
  return false;
}

void Signal::waitWhile(uint32_t old, Patience patience) {
  for (uint32_t spin = 0; spin < patience.spins; ++spin) {
    if (value() != old)
      return;
    relaxCpu();
  }
  if (patience.seconds > 0 && changesUnlessBusy(old, patience.seconds))
    return;
  for (uint32_t yield = 0; yield < patience.yields; ++yield) {
    if (value() != old)
      return;
    sched_yield();
  }
  // Sequentially consistent here and in change(): either this thread sees the
  // new value, or the one that changes it sees a sleeper.
  sleepers.fetch_add(1, std::memory_order_seq_cst);
  while (value(std::memory_order_seq_cst) == old)
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, old, nullptr, nullptr, 0);
  sleepers.fetch_sub(1, std::memory_order_relaxed);
}

void Signal::change(uint32_t value) {
  word.store(value, std::memory_order_seq_cst);
  if (sleepers.load(std::memory_order_seq_cst) != 0)
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

void Barrier::configure(uint32_t threadCount, Patience newPatience) {
  threads = threadCount;
  patience = newPatience;
  missing.store(threadCount, std::memory_order_relaxed);
}

bool Barrier::meet(const std::atomic<bool> *cancelled) {
  auto read = [&] {
    return cancelled && cancelled->load(std::memory_order_relaxed);
  };
  if (threads == 1)
    return !read();
  uint32_t entered = generation.value(std::memory_order_relaxed);
  if (missing.fetch_sub(1, std::memory_order_acq_rel) != 1) {
    generation.waitWhile(entered, patience);
  } else {
    isCancelled = read();
    missing.store(threads, std::memory_order_relaxed);
    generation.change(entered + 1);
  }
  return !isCancelled;
}
