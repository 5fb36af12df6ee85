//===- Tuner.h - Which kernel is fastest on this machine ------------------===//
#pragma once

#include "compiler/tuning/TuningCache.h"
#include "targets/Target.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tritc::tuning {

struct MatrixShape {
  int64_t rows, columns;

  friend bool operator==(const MatrixShape &, const MatrixShape &) = default;
};

struct TuningGoal {
  const Target &target; ///< that this machine runs
  unsigned threads;
  double seconds;        ///< after which nothing new is begun
  std::string cacheFile; ///< empty for none
};

/// What was found out.
struct Tuning {
  std::vector<Timing> timings;
  size_t missing = 0;             ///< kernels there was no time for
  std::vector<std::string> notes; ///< about the cache, for people
};

/// `what` is at hand, of `count` in all.
using TuningProgress =
    llvm::function_ref<void(size_t done, size_t count, llvm::StringRef what)>;

/// Times each kernel that can compute a matrix of each shape, all kernels of a
/// shape in turn, unless the cache knows. Errors as KernelRunner's.
llvm::Expected<Tuning> tune(const TuningGoal &goal,
                            llvm::ArrayRef<MatrixShape> shapes,
                            TuningProgress progress);

} // namespace tritc::tuning
