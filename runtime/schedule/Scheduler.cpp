//===- Scheduler.cpp - Who is answered when -------------------------------===//

#include "runtime/schedule/Scheduler.h"
#include "runtime/exec/Clock.h"
#include "runtime/exec/Stack.h"

#include <signal.h>

using namespace tritc;
using namespace tritc::schedule;

namespace {
class Locked {
public:
  explicit Locked(pthread_mutex_t &mutex) : mutex(mutex) {
    pthread_mutex_lock(&mutex);
  }
  ~Locked() { pthread_mutex_unlock(&mutex); }
  Locked(const Locked &) = delete;

private:
  pthread_mutex_t &mutex;
};
} // namespace

Scheduler::Scheduler(const chat::Model &model, const SchedulerOptions &options)
    : worker(model), options(options) {}

Scheduler::~Scheduler() { stop(); }

base::Failure Scheduler::start() {
  if (base::Failure failure = worker.start(options))
    return failure;
  waiting.reserve(options.queue);
  shown = worker.counters();
  // Signals are for the thread that listens.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  error =
      error ? error : pthread_attr_setstacksize(&attributes, exec::stackBytes);
  error = error ? error : pthread_create(&thread, &attributes, run, this);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error)
    return base::fail(base::Internal, "cannot start a thread: %s",
                      strerror(error));
  hasThread = true;
  return {};
}

uint64_t Scheduler::submit(Job &&job, const Listener &listener) {
  Locked locked(lock);
  if (isDraining || waiting.size() >= options.queue) {
    ++refused;
    return 0;
  }
  auto task = base::create<Task>();
  task->number = ++lastNumber;
  task->job = std::move(job);
  task->listener = listener;
  task->submitted = exec::monotonicSeconds();
  waiting.push(task);
  pthread_cond_signal(&hasWork);
  return task->number;
}

void Scheduler::cancel(uint64_t job) {
  Locked locked(lock);
  bool isOneLeft = false;
  for (const base::Array<Task *> *tasks : {&waiting, &working})
    for (Task *task : *tasks) {
      if (task->number == job)
        task->isCancelled = true;
      isOneLeft |= !task->isCancelled;
    }
  // Nobody wants what the pass computes.
  if (!isOneLeft)
    worker.abandonPass();
  pthread_cond_signal(&hasWork);
}

Counters Scheduler::counters() const {
  Locked locked(lock);
  Counters now = shown;
  now.queued = waiting.size();
  now.running = working.size();
  now.refused = refused;
  return now;
}

void Scheduler::drain() {
  Locked locked(lock);
  isDraining = true;
  while (!waiting.empty() || !working.empty())
    pthread_cond_wait(&isIdle, &lock);
}

void Scheduler::stop() {
  if (!hasThread)
    return;
  {
    Locked locked(lock);
    isDraining = isStopping = true;
    worker.abandonPass();
    pthread_cond_signal(&hasWork);
  }
  pthread_join(thread, nullptr);
  hasThread = false;
}

void Scheduler::admit(base::Array<Task *> &given) {
  size_t left = 0;
  for (Task *task : waiting) {
    if (task->isCancelled) {
      given.push(task);
    } else if (worker.hasRoom()) {
      worker.begin(*task);
      working.push(task);
    } else {
      waiting[left++] = task;
    }
  }
  waiting.resize(left);
}

/// Of a job that never began.
static void tellCancelled(Task &task) {
  double waited = exec::monotonicSeconds() - task.submitted;
  task.listener.onEnd(task.listener.context, task.number,
                      {.ending = Ending::Cancelled,
                       .lastText = {},
                       .promptTokens = task.job.prompt.size(),
                       .reusedTokens = 0,
                       .answerTokens = 0,
                       .queueSeconds = waited,
                       .promptSeconds = 0,
                       .answerSeconds = 0});
}

void *Scheduler::run(void *scheduler) {
  static_cast<Scheduler *>(scheduler)->run();
  return nullptr;
}

void Scheduler::run() {
  base::Array<Task *> ended, given;
  while (true) {
    pthread_mutex_lock(&lock);
    while (waiting.empty() && working.empty() && !isStopping) {
      pthread_cond_broadcast(&isIdle);
      pthread_cond_wait(&hasWork, &lock);
    }
    bool isLast = isStopping;
    if (isLast) {
      for (Task *task : waiting)
        task->isCancelled = true;
    } else {
      worker.allowPasses();
    }
    ended.clear();
    given.clear();
    admit(given);
    pthread_mutex_unlock(&lock);

    for (Task *task : given) {
      tellCancelled(*task);
      base::destroy(task);
    }
    if (isLast)
      worker.endAll(ended);
    else
      worker.step(ended);

    pthread_mutex_lock(&lock);
    for (Task *task : ended) {
      size_t at = 0;
      while (working[at] != task)
        ++at;
      working[at] = working.back();
      working.pop();
      base::destroy(task);
    }
    shown = worker.counters();
    bool isOver = isLast && waiting.empty() && working.empty();
    if (isOver)
      pthread_cond_broadcast(&isIdle);
    pthread_mutex_unlock(&lock);
    if (isOver)
      return;
  }
}
