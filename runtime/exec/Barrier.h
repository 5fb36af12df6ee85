//===- Barrier.h - Where the threads of a pool meet -----------------------===//
#pragma once

#include <atomic>
#include <cstdint>

namespace tritc::exec {

/// How long a thread looks for a change before it sleeps.
struct Patience {
  uint32_t spins;  ///< with a pause of 10-140 cycles in between
  double seconds;  ///< then, spinning on; not where others want the CPUs
  uint32_t yields; ///< then, offering the CPU to others in between
};

/// A number that some threads wait for and another one changes. It spins first,
/// because a token passes hundreds of barriers and its threads arrive
/// microseconds apart. It yields then, because the one waited for may need this
/// very CPU, and sleeps in the end.
class Signal {
public:
  uint32_t value(std::memory_order order = std::memory_order_acquire) const {
    return word.load(order);
  }
  /// Waits until the value is not `old`. What was written before the change is
  /// visible afterwards.
  void waitWhile(uint32_t old, Patience patience);
  /// Sets a value that nobody waits for yet, and wakes all who sleep.
  void change(uint32_t value);

private:
  bool changesWithin(uint32_t old, double seconds);
  bool changesUnlessBusy(uint32_t old, double seconds);

  std::atomic<uint32_t> word{0};
  std::atomic<uint32_t> sleepers{0};
  std::atomic<uint32_t> doubts{0}; ///< waits to come without spinning on
};

/// A barrier for a fixed number of threads.
class Barrier {
public:
  /// \param threadCount who must arrive before anybody leaves
  void configure(uint32_t threadCount, Patience patience);

  /// Returns in no thread before all have called it; everything written before
  /// the call is visible to all after it.
  void wait() { meet(nullptr); }

  /// The same, and asks all to give up once `cancelled`, unless null, is true:
  /// returns false then, in all threads or in none.
  bool meet(const std::atomic<bool> *cancelled);

private:
  // Apart from each other: the last to arrive writes one while all others
  // read the other.
  alignas(64) std::atomic<uint32_t> missing{1};
  alignas(64) Signal generation;
  bool isCancelled = false; ///< as the last to arrive saw it
  uint32_t threads = 1;
  Patience patience = {0, 0, 0};
};

} // namespace tritc::exec
