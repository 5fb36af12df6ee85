//===- Bell.h - What wakes a call that waits ------------------------------===//
#pragma once

#include <atomic>
#include <cerrno>
#include <semaphore.h>

namespace tritc::library {

/// Rung by the job that a call waits for, and by who wants that stopped.
class Bell {
public:
  Bell() { sem_init(&semaphore, 0, 0); }
  ~Bell() { sem_destroy(&semaphore); }
  Bell(const Bell &) = delete;

  /// \returns false where another call waits
  bool begin() {
    State idle = Idle;
    return state.compare_exchange_strong(idle, Waiting);
  }
  void end() { state = Idle; }
  bool isIdle() const { return state == Idle; }

  void ring() { sem_post(&semaphore); }
  /// Once for each ring, or more often.
  void wait() {
    while (sem_wait(&semaphore) && errno == EINTR) {
    }
  }

  /// From any thread, or a signal's handler. Nothing where no call waits.
  void stop() {
    State waiting = Waiting;
    if (state.compare_exchange_strong(waiting, Stopped))
      ring();
  }
  bool isStopped() const { return state == Stopped; }

private:
  enum State { Idle, Waiting, Stopped };
  std::atomic<State> state{Idle};
  sem_t semaphore;
};

} // namespace tritc::library
