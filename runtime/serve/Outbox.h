//===- Outbox.h - From the scheduler's thread to the server's -------------===//
#pragma once

#include "runtime/schedule/Scheduler.h"

#include <pthread.h>

namespace tritc::serve {

using schedule::Counters, schedule::Ending, schedule::Histogram, schedule::Job,
    schedule::Likely, schedule::Listener, schedule::mostLogprobs,
    schedule::Scheduler, schedule::SchedulerOptions, schedule::Summary,
    schedule::Told;

/// What the scheduler said. Views live while it is delivered.
struct Heard {
  enum Kind : uint32_t { Token, Vector, End } kind;
  uint64_t job;
  Told token;
  std::span<const float> vector;
  Summary summary;
};

/// Keeps what a scheduler says until the other thread asks for it.
class Outbox {
public:
  /// `wake` is called, on the scheduler's thread, when there is something.
  Outbox(void (*wake)(void *context), void *context)
      : wake(wake), context(context) {}
  Outbox(const Outbox &) = delete;
  Outbox &operator=(const Outbox &) = delete;

  /// \pre the outbox outlives every job that has it
  Listener listener();

  /// Calls visit(const Heard &) for all that was said since the last call.
  template <typename Visit>
  void deliver(Visit &&visit) {
    take();
    size_t at = 0;
    Heard heard;
    while (next(at, heard))
      visit(heard);
  }

private:
  /// In front of the bytes of what was said.
  struct Record {
    Heard::Kind kind;
    int32_t id;
    uint64_t job;
    double logprob;
    Summary summary; ///< without its text
    size_t texts, tops, floats;
  };

  void add(Record record, std::string_view text, std::span<const Likely> top,
           std::span<const float> vector);
  void take();
  bool next(size_t &at, Heard &heard) const;

  void (*wake)(void *context);
  void *context;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  base::Array<char> said;  ///< guarded by the mutex
  base::Array<char> taken; ///< of the other thread
};

} // namespace tritc::serve
