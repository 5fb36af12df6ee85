//===- ThreadPool.h - All cores on one function ---------------------------===//
#pragma once

#include "runtime/exec/Barrier.h"
#include "runtime/exec/Topology.h"

#include <pthread.h>
#include <setjmp.h>
#include <type_traits>

namespace tritc::exec {

/// Runs one function on a fixed set of threads, the caller's among them.
/// Workers look for the next job for a moment, because the next token comes
/// within a millisecond, and then sleep until the next request.
class ThreadPool {
public:
  ThreadPool() = default;
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;
  ~ThreadPool() { stop(); }

  /// Starts `threadCount` - 1 workers with all signals blocked, so that the
  /// calling thread keeps receiving Ctrl-C. Where the system refuses some, the
  /// pool is smaller, which a line on standard error says once.
  void start(uint32_t threadCount);
  void stop();

  uint32_t size() const { return threads; }
  /// For tritc_barrier, usable inside a job by all threads of it.
  void *barrier() { return this; }

  /// Calls `job(thread)` on every thread and returns when all have finished.
  /// Once `cancelled`, unless null, is true, all threads leave the job at its
  /// next tritc_barrier, without a return: nothing in it may need one.
  /// \returns false then
  template <typename Job>
  bool run(Job &&job, const std::atomic<bool> *cancelled = nullptr) {
    return run(
        [](void *context, uint32_t thread) {
          (*static_cast<std::remove_reference_t<Job> *>(context))(thread);
        },
        const_cast<void *>(static_cast<const void *>(&job)), cancelled);
  }

  /// tritc_barrier.
  void meetInJob();

private:
  using Function = void (*)(void *context, uint32_t thread);
  bool run(Function function, void *context,
           const std::atomic<bool> *cancelled);
  void runOn(uint32_t thread);
  static void *work(void *worker);

  struct Worker {
    ThreadPool *pool;
    uint32_t thread;
    pthread_t handle;
  };

  Barrier meeting;
  alignas(64) Signal jobNumber;
  uint32_t firstJob = 0; ///< of the workers started together
  uint32_t threads = 1;
  Patience idlePatience = {0, 0, 0};
  Function jobFunction = nullptr; ///< null tells the workers to leave
  void *jobContext = nullptr;
  const std::atomic<bool> *jobCancelled = nullptr;
  bool isAbandoned = false;  ///< written by the caller's thread alone
  jmp_buf exits[maxThreads]; ///< out of the job
  Worker workers[maxThreads];
};

} // namespace tritc::exec
