//===- Waiter.h - A call that waits for its job ---------------------------===//
#pragma once

#include "runtime/library/Bell.h"
#include "runtime/library/tritc.h"
#include "runtime/schedule/Scheduler.h"

namespace tritc::library {

/// Listens to one job from the scheduler's thread, and hands what it hears to
/// the thread that waits.
class Waiter {
public:
  explicit Waiter(Bell &bell) : bell(bell) {}
  ~Waiter();

  schedule::Listener listener();

  /// What a call wants of its job, all of it optional.
  struct Wishes {
    tritc_on_token onToken = nullptr;
    void *context = nullptr;
    base::Array<int32_t> *ids = nullptr; ///< of the answer
    std::span<float> row;                ///< for the logits, or the vector
  };

  /// Returns when `job` has ended. Calls onToken on this thread; ends the job
  /// if that asks for it, or the bell is stopped.
  schedule::Summary wait(schedule::Scheduler &scheduler, uint64_t job,
                         const Wishes &wishes);

private:
  struct Token {
    int32_t id;
    size_t bytes; ///< of text
    double logprob;
    size_t likely; ///< how many of those
  };
  /// What was heard, in order.
  struct News {
    base::Array<Token> tokens;
    base::Array<char> text;
    base::Array<tritc_likely> likely;
  };
  static void onToken(void *context, uint64_t, const schedule::Told &told);
  static void onRow(void *context, uint64_t, std::span<const float> row);
  static void onEnd(void *context, uint64_t, const schedule::Summary &summary);

  Bell &bell;
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  News heard;
  base::Array<float> row;
  schedule::Summary summary = {};
  bool hasEnded = false;
};

} // namespace tritc::library
