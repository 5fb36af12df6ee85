//===- Progress.cpp - What a person sees while waiting --------------------===//

#include "compiler/driver/Progress.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::driver {

/// Back to the first column, and clear to the end.
static constexpr llvm::StringLiteral wipe = "\r\033[K";

static void printTime(const llvm::Twine &what,
                      std::chrono::duration<double> time) {
  llvm::errs() << llvm::formatv("tritc: {0} ({1:f3} s)\n", what, time.count());
}

void Progress::begin(llvm::StringRef stage) {
  finish();
  current = stage.str();
  started = Clock::now();
  if (showsLine) {
    llvm::errs() << wipe << stage;
    lineIsShown = true;
  }
}

void Progress::update(llvm::StringRef stage, unsigned percent,
                      llvm::StringRef item) {
  if (!showsLine)
    return;
  llvm::errs() << llvm::formatv("{0}{1} {2,3}% {3}", wipe, stage, percent,
                                item.take_front(50));
  lineIsShown = true;
}

void Progress::note(llvm::StringRef line) {
  llvm::errs() << (lineIsShown ? wipe : llvm::StringLiteral(""))
               << "tritc: note: " << line << '\n';
  lineIsShown = false;
}

void Progress::summarize(llvm::StringRef lines) {
  finish();
  if (!isTerminal)
    return;
  for (llvm::StringRef line : llvm::split(lines, '\n'))
    llvm::errs() << "tritc: " << line << '\n';
}

void Progress::finish() {
  if (lineIsShown)
    llvm::errs() << wipe;
  lineIsShown = false;
  if (verbose && !current.empty())
    printTime(current, Clock::now() - started);
  current.clear();
}

Progress::Timer::Timer(Progress &progress, const llvm::Twine &what)
    : progress(progress), what(what.str()), started(Clock::now()) {}

Progress::Timer::~Timer() {
  if (!progress.verbose)
    return;
  std::lock_guard<std::mutex> lock(progress.timing);
  printTime("  " + what, Clock::now() - started);
}

} // namespace tritc::driver
