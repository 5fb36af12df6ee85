//===- Waiter.h - A call that waits for its job ---------------------------===//
#pragma once

#include "runtime/library/tritc.h"
#include "runtime/schedule/Scheduler.h"

namespace tritc::library {

/// Listens to one job from the scheduler's thread, and hands what it hears to
/// the thread that waits.
class Waiter {
public:
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
  /// if that asks for it.
  schedule::Summary wait(schedule::Scheduler &scheduler, uint64_t job,
                      const Wishes &wishes);

private:
  struct Heard {
    int32_t id;
    size_t bytes; ///< of text
    double logprob;
  };
  static void onToken(void *context, uint64_t, const schedule::Told &told);
  static void onRow(void *context, uint64_t, std::span<const float> row);
  static void onEnd(void *context, uint64_t, const schedule::Summary &summary);

  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t hasNews = PTHREAD_COND_INITIALIZER;
  base::Array<Heard> heard;
  base::Array<char> text;
  base::Array<float> row;
  schedule::Summary summary = {};
  size_t lastBytes = 0; ///< of text, that came with the end
  bool hasEnded = false;
};

} // namespace tritc::library
