//===- Scheduler.h - Who is answered when ---------------------------------===//
//
// Takes jobs from any thread and computes them side by side on one of its own.
// What a job gets depends on the job alone: not on the others, nor on when they
// came.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/schedule/Job.h"
#include "runtime/schedule/Worker.h"

namespace tritc::schedule {

class Scheduler {
public:
  Scheduler(const chat::Model &model, const SchedulerOptions &options);
  ~Scheduler();

  /// Maps memory, and starts the thread.
  base::Failure start();
  /// Tokens that a prompt and its answer have room for.
  uint32_t contextSize() const { return worker.contextSize(); }

  /// 0 if the queue is full, or drain() was called. From any thread, as are the
  /// following.
  uint64_t submit(Job &&job, const Listener &listener);
  /// onEnd(Cancelled) follows within one pass. Nothing happens to a job that
  /// has ended.
  void cancel(uint64_t job);
  Counters counters() const;
  /// Refuses new jobs; returns when all have ended.
  void drain();
  /// Ends all within one pass, and the thread.
  void stop();

private:
  static void *run(void *scheduler);
  void run();
  /// Under the lock: moves waiting jobs to where there is room, and appends
  /// those that nobody waits for any more.
  void admit(base::Array<Task *> &given);

  Worker worker;
  const SchedulerOptions options;

  mutable pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t hasWork = PTHREAD_COND_INITIALIZER;
  pthread_cond_t isIdle = PTHREAD_COND_INITIALIZER;
  base::Array<Task *> waiting; ///< in order
  base::Array<Task *> working; ///< of the worker
  uint64_t lastNumber = 0;
  uint64_t refused = 0;
  Counters shown; ///< as of the last pass
  bool isDraining = false;
  bool isStopping = false;
  bool hasThread = false;
  pthread_t thread;
};

} // namespace tritc::schedule
