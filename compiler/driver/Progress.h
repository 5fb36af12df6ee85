//===- Progress.h - What a person sees while waiting ----------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <chrono>
#include <mutex>
#include <string>

namespace tritc::driver {

/// Reports stages of a compilation on standard error: one line that rewrites
/// itself on a terminal, a line per finished stage with -v, else nothing.
class Progress {
public:
  Progress(bool isTerminal, bool verbose)
      : isTerminal(isTerminal), showsLine(isTerminal && !verbose),
        verbose(verbose) {}
  ~Progress() { finish(); }

  /// A new stage begins; the one before it has ended.
  void begin(llvm::StringRef stage);
  /// `percent` of the stage is done; `item` is at hand.
  void update(llvm::StringRef stage, unsigned percent, llvm::StringRef item);
  /// Reports how long a part of the stage took while it lives. Several may live
  /// at once, in several threads.
  class Timer {
  public:
    Timer(Progress &progress, const llvm::Twine &what);
    ~Timer();
    Timer(const Timer &) = delete;
    Timer &operator=(const Timer &) = delete;

  private:
    Progress &progress;
    const std::string what;
    const std::chrono::steady_clock::time_point started;
  };
  /// A line for people that stays.
  void note(llvm::StringRef line);
  /// Lines for people on a terminal, now that all is done; off a terminal,
  /// success says nothing.
  void summarize(llvm::StringRef lines);
  /// Nothing follows: ends the last stage and wipes the line.
  void finish();

private:
  using Clock = std::chrono::steady_clock;
  bool isTerminal;
  bool showsLine;
  bool verbose;
  bool lineIsShown = false;
  std::string current;
  Clock::time_point started;
  std::mutex timing; ///< held while a timer writes
};

} // namespace tritc::driver
