//===- TunerTest.cpp - Which kernel is fastest ----------------------------===//
#include "compiler/tuning/Tuner.h"
#include "targets/Registry.h"

#include "llvm/Support/FileSystem.h"

#include <gtest/gtest.h>

using namespace tritc;
using namespace tritc::tuning;

namespace {

/// Times the target's kernels for one shape, with a cache in `path`.
Timing timeOne(const Target &target, llvm::StringRef path) {
  Tuning tuning = llvm::cantFail(
      tune({target, /*threads=*/1, /*seconds=*/60, path.str()},
           MatrixShape{64, 96}, [](size_t, size_t, llvm::StringRef) {}));
  return tuning.timings.at(0);
}

TEST(Tuner, OneTokenTakesAsLongAsForTheFallback) {
  Timing known = timeOne(specification(), "");
  known.target = "other";
  known.decode = known.prefill = 1.25;
  llvm::SmallString<128> path;
  llvm::sys::fs::createTemporaryFile("tritc-tuner", "json", path);
  llvm::sys::fs::remove(path);
  std::string complaint;
  TuningCache cache = TuningCache::read(path, complaint);
  cache.put(known);
  llvm::cantFail(cache.write());

  Target target = specification();
  target.fallback = "other";
  Timing timing = timeOne(target, path);
  EXPECT_EQ(timing.target, target.name);
  EXPECT_EQ(timing.decode, 1.25);
  EXPECT_LT(timing.prefill, 1.25);
  llvm::sys::fs::remove(path);
}

} // namespace
