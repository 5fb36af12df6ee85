//===- Interrupt.h - Ctrl-C as a flag -------------------------------------===//
#pragma once

#include <atomic>

namespace tritc::chat {

/// Turns SIGINT into a flag and SIGPIPE into an error of write() for as long as
/// it lives; puts the old handlers back afterwards. One at a time.
class Interrupt {
public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt &) = delete;
  Interrupt &operator=(const Interrupt &) = delete;

  /// Raised by Ctrl-C, lowered by whoever has dealt with it.
  static std::atomic<bool> &flag();

  /// Waits until `descriptor` can be read or Ctrl-C was pressed, without the
  /// gap in which a signal would be missed. \returns false for Ctrl-C, and
  /// lowers the flag.
  static bool waitForInput(int descriptor);
};

} // namespace tritc::chat
