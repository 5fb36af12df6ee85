//===- Bandwidth.h - How fast this machine reads memory -------------------===//
#pragma once

#include "runtime/exec/Mapping.h"
#include "runtime/exec/ThreadPool.h"

#include <array>

namespace tritc::chat {

/// The speed at which all threads of a pool together read memory that no cache
/// holds: the ceiling for decoding, which reads all weights once per token.
/// Measured in between the tokens that are compared with it, since the memory
/// of a shared machine is twice as fast in one second as in the next; and as a
/// mean, as their speed is. The best of several read loops.
class Bandwidth {
public:
  /// \returns false when there is no memory for it.
  [[nodiscard]] bool start(exec::ThreadPool &threads);

  /// Forgets what was measured, and measures.
  void restart();

  /// `spent` seconds of other work have passed: measures if they are many
  /// enough since the last time. What is measured takes a quarter of them.
  void passed(double spent);

  /// Measures once more. \returns the mean, in bytes per second, since restart.
  double finish();

  /// Read loops that are tried.
  static constexpr size_t loopCount = 8;

private:
  void sample();

  exec::ThreadPool *pool = nullptr;
  exec::Mapping memory;
  size_t part = 0; ///< bytes of one pass of one thread
  size_t next = 0; ///< which part
  double unmeasured = 0;
  size_t samples = 0;
  std::array<double, loopCount> seconds = {};
};

} // namespace tritc::chat
