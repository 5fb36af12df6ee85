//===- Team.h - Threads that run one forward pass -------------------------===//
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include <atomic>

namespace tritc::tuning {

/// Where all threads of a team meet: they spin, as an emitted program's do,
/// and give way after a while.
class Barrier {
public:
  explicit Barrier(unsigned threads) : threads(threads) {}

  /// Returns in no thread before all have called it.
  void wait();

  /// The signature of `tritc_barrier`.
  static void waitAt(void *barrier) { static_cast<Barrier *>(barrier)->wait(); }

private:
  const unsigned threads;
  std::atomic<unsigned> arrived{0}, round{0};
};

/// Runs `body` on `threads` threads, this one among them.
/// \returns seconds from when all of them are there to when all are done
double runTeam(unsigned threads,
               llvm::function_ref<void(unsigned thread, Barrier &)> body);

} // namespace tritc::tuning
