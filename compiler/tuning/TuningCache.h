//===- TuningCache.h - Times of kernels, kept in a file -------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace tritc::tuning {

/// What was measured, and what it is worth for: another compiler, processor or
/// number of threads takes other times.
struct Timing {
  std::string compiler; ///< version
  std::string cpu;      ///< model name
  unsigned threads;
  std::string target, kernel; ///< nameOf
  int64_t rows, columns;
  double decode = 0;  ///< seconds of one token
  double prefill = 0; ///< seconds of one token of a block
  /// What the machine could do at most in the same run; see Limits.h.
  double bytesPerSecond = 0, dotsPerSecond = 0;

  /// Whether both measure the same thing.
  bool isOfTheSame(const Timing &other) const;
};

/// A file of timings.
class TuningCache {
public:
  /// Reads `path`; a missing file is an empty cache. A file that is no cache
  /// is as good as empty, and `complaint` says so in one line.
  static TuningCache read(llvm::StringRef path, std::string &complaint);

  /// The timing of the same thing.
  const Timing *find(const Timing &what) const;
  /// Adds a timing, or takes the place of one of the same thing.
  void put(const Timing &timing);
  /// Writes the whole file; nobody ever sees half of it. Code 7.
  llvm::Error write() const;

private:
  std::string path;
  std::vector<Timing> timings;
};

/// `tritc/tuning.json` in the user's cache folder; empty if there is none.
std::string defaultCachePath();

/// The processor's model, in its maker's words.
std::string cpuModel();

} // namespace tritc::tuning
