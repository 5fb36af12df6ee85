//===- ThreadPool.cpp - All cores on one function -------------------------===//

#include "runtime/exec/ThreadPool.h"

#include <cstring>
#include <signal.h>

using namespace tritc::exec;

// A pause takes 10-140 cycles, depending on the CPU. 4,000 of them outlast the
// imbalance between threads in one layer (tens of microseconds); 40,000 outlast
// sampling over 128,256 logits (below a millisecond).
static constexpr uint32_t barrierSpins = 4000;
static constexpr uint32_t betweenTokensSpins = 40000;
// With more threads than CPUs every turn of a spin is stolen from the thread
// that is waited for.
static constexpr uint32_t oversubscribedSpins = 50;

Failure ThreadPool::start(uint32_t threadCount) {
  stop();
  bool oversubscribed = threadCount > allowedCpus();
  meeting.configure(threadCount,
                    oversubscribed ? oversubscribedSpins : barrierSpins);
  idleSpins = oversubscribed ? oversubscribedSpins : betweenTokensSpins;
  jobNumber.store(0, std::memory_order_relaxed);

  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = 0;
  for (threads = 1; threads < threadCount && !error;) {
    workers[threads].pool = this;
    workers[threads].thread = threads;
    error = pthread_create(&workers[threads].handle, nullptr, work,
                           &workers[threads]);
    threads += !error;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!error)
    return {};
  // The started ones wait at a barrier of their own number once told to leave.
  uint32_t started = threads;
  meeting.configure(started, oversubscribedSpins);
  stop();
  return fail(Internal, "cannot start %u threads (started %u): %s", threadCount,
              started, strerror(error));
}

void ThreadPool::stop() {
  if (threads == 1)
    return;
  run(nullptr, nullptr);
  for (uint32_t thread = 1; thread < threads; ++thread)
    pthread_join(workers[thread].handle, nullptr);
  threads = 1;
  meeting.configure(1, 0);
}

void ThreadPool::run(Function function, void *context) {
  if (threads == 1) {
    if (function)
      function(context, 0);
    return;
  }
  jobFunction = function;
  jobContext = context;
  jobNumber.fetch_add(1, std::memory_order_seq_cst);
  if (sleepers.load(std::memory_order_seq_cst) != 0)
    futexWakeAll(jobNumber);
  if (!function)
    return;
  function(context, 0);
  meeting.wait();
}

void *ThreadPool::work(void *worker) {
  ThreadPool *pool = static_cast<Worker *>(worker)->pool;
  uint32_t thread = static_cast<Worker *>(worker)->thread;
  for (uint32_t done = 0;; ++done) {
    for (uint32_t spin = 0;
         spin < pool->idleSpins &&
         pool->jobNumber.load(std::memory_order_acquire) == done;
         ++spin)
      pause();
    if (pool->jobNumber.load(std::memory_order_acquire) == done) {
      pool->sleepers.fetch_add(1, std::memory_order_seq_cst);
      while (pool->jobNumber.load(std::memory_order_seq_cst) == done)
        futexWait(pool->jobNumber, done);
      pool->sleepers.fetch_sub(1, std::memory_order_relaxed);
    }
    if (!pool->jobFunction)
      return nullptr;
    pool->jobFunction(pool->jobContext, thread);
    pool->meeting.wait();
  }
}
