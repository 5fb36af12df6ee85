//===- Profile.h - Where the time of a pass goes --------------------------===//
#pragma once

#include "runtime/abi/Program.h"
#include "runtime/base/Array.h"
#include "runtime/exec/Topology.h"

namespace tritc::exec {

/// While it lives, collects how long each thread spends on each kind of work
/// that the program names. One at a time in a process.
class Profile {
public:
  /// A program without marks is profiled as idle.
  explicit Profile(const TritcProgram &program);
  ~Profile();
  Profile(const Profile &) = delete;
  Profile &operator=(const Profile &) = delete;

  /// What `thread` does from now on is work.
  void start(uint32_t thread);

  /// Seconds that the slowest thread spent on work `kind`: all others wait for
  /// it at a barrier.
  double seconds(uint64_t kind) const;

private:
  static void mark(int64_t thread, int64_t kind);

  const TritcProgram &program;
  base::Array<double> spent; ///< [maxThreads x workCount]
  double last[maxThreads] = {};
};

} // namespace tritc::exec
