//===- Team.cpp - Threads that run one forward pass -----------------------===//
#include "compiler/tuning/Team.h"

#include <chrono>
#include <thread>
#include <vector>

namespace tritc::tuning {

void Barrier::wait() {
  constexpr int spins = 20000; // about 100 us
  unsigned current = round.load(std::memory_order_relaxed);
  if (arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == threads) {
    arrived.store(0, std::memory_order_relaxed);
    round.store(current + 1, std::memory_order_release);
    return;
  }
  for (int spin = 0; round.load(std::memory_order_acquire) == current; ++spin) {
    if (spin >= spins)
      std::this_thread::yield();
#if defined(__x86_64__)
    else
      __builtin_ia32_pause();
#endif
  }
}

double runTeam(unsigned threads,
               llvm::function_ref<void(unsigned, Barrier &)> body) {
  using Clock = std::chrono::steady_clock;
  Barrier barrier(threads);
  auto run = [&](unsigned thread) {
    barrier.wait(); // all are there
    barrier.wait(); // the clock runs
    body(thread, barrier);
    barrier.wait();
  };
  std::vector<std::thread> others;
  for (unsigned thread = 1; thread < threads; ++thread)
    others.emplace_back(run, thread);
  barrier.wait();
  Clock::time_point start = Clock::now();
  barrier.wait();
  body(0, barrier);
  barrier.wait();
  double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  for (std::thread &other : others)
    other.join();
  return seconds;
}

} // namespace tritc::tuning
