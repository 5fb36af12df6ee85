//===- ThreadPool.cpp - All cores on one function -------------------------===//

#include "runtime/exec/ThreadPool.h"
#include "runtime/abi/Program.h"
#include "runtime/exec/Stack.h"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <signal.h>

using namespace tritc;
using namespace tritc::exec;

// Measured with 20 us of work between barriers on two cores that three other
// builds were using: 4,000 spins 180 us per round, 500 spins 48, 200 spins and
// 500 yields 45, sleeping at once 27. On idle cores a sleep costs 50 us of
// waking up in a virtual machine, 200 times per token, so it comes last.
// Spinning on keeps the kernel out of the token loop on idle cores, where
// threads arrive within tens of microseconds. On busy ones, one wait in 65
// finds out whether they still are; ten times longer took a millisecond per
// token of a small model there.
static constexpr Patience atBarriers = {200, 100e-6, 500};
static constexpr Patience betweenTokens = {200, 300e-6, 2000};
// With more threads than CPUs all looking steals time from the one waited for.
static constexpr Patience oversubscribed = {50, 0, 0};

/// Says once in the life of a process that it does with less.
static void noteMissingThreads(uint32_t wanted, uint32_t started, int error) {
  static std::atomic<bool> isSaid{false};
  if (!isSaid.exchange(true))
    fprintf(stderr, "note: runs on %u of %u threads: cannot start more: %s\n",
            started, wanted, strerror(error));
}

void ThreadPool::start(uint32_t threadCount) {
  stop();
  bool fits = threadCount <= allowedCpus();
  idlePatience = fits ? betweenTokens : oversubscribed;
  firstJob = jobNumber.value();

  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  error = error ? error : pthread_attr_setstacksize(&attributes, stackBytes);
  for (threads = 1; threads < threadCount && !error;) {
    workers[threads].pool = this;
    workers[threads].thread = threads;
    error = pthread_create(&workers[threads].handle, &attributes, work,
                           &workers[threads]);
    threads += !error;
  }
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  // No worker reads it before the first job.
  meeting.configure(threads, fits ? atBarriers : oversubscribed);
  if (error)
    noteMissingThreads(threadCount, threads, error);
}

void ThreadPool::stop() {
  if (threads == 1)
    return;
  run(nullptr, nullptr, nullptr);
  for (uint32_t thread = 1; thread < threads; ++thread)
    pthread_join(workers[thread].handle, nullptr);
  threads = 1;
}

/// One thread's part of the job, to its end or until all leave it.
void ThreadPool::runOn(uint32_t thread) {
  if (!jobCancelled || !_setjmp(exits[thread]))
    jobFunction(jobContext, thread);
  else if (thread == 0)
    isAbandoned = true;
}

/// Compiled code has no way to return early, and nothing to clean up.
void ThreadPool::meetInJob() {
  if (meeting.meet(jobCancelled))
    return;
  uint32_t thread = threads;
  while (--thread > 0 && !pthread_equal(workers[thread].handle, pthread_self()))
    ;
  _longjmp(exits[thread], 1);
}

void tritc_barrier(void *barrier) {
  static_cast<ThreadPool *>(barrier)->meetInJob();
}

bool ThreadPool::run(Function function, void *context,
                     const std::atomic<bool> *cancelled) {
  jobFunction = function;
  jobContext = context;
  jobCancelled = cancelled;
  isAbandoned = false;
  if (threads > 1)
    jobNumber.change(jobNumber.value() + 1);
  if (!function)
    return true;
  runOn(0);
  meeting.wait();
  return !isAbandoned;
}

void *ThreadPool::work(void *worker) {
  ThreadPool *pool = static_cast<Worker *>(worker)->pool;
  uint32_t thread = static_cast<Worker *>(worker)->thread;
  for (uint32_t done = pool->firstJob;; ++done) {
    pool->jobNumber.waitWhile(done, pool->idlePatience);
    if (!pool->jobFunction)
      return nullptr;
    pool->runOn(thread);
    pool->meeting.wait();
  }
}
