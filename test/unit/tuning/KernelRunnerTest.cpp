//===- KernelRunnerTest.cpp - Small programs in this process --------------===//
#include "compiler/tuning/KernelRunner.h"
#include "compiler/support/Error.h"
#include "compiler/tuning/Limits.h"
#include "targets/Registry.h"

#include <gtest/gtest.h>

using namespace tritc;
using namespace tritc::tuning;

namespace {

TEST(KernelRunner, ReadsTheBytesOfItsPackingInEveryLayer) {
  const Kernel &kernel = specification().kernels[0];
  auto runner = llvm::cantFail(KernelRunner::create(ternaryProducts(64, 96, 3),
                                                    specification(), &kernel));
  // 64 rows of 96 codes of two bits, and one scale.
  EXPECT_EQ(runner->ternaryBytes(), 3u * (64 * 24 + 4));
  EXPECT_GT(runner->seconds(1, 1, 1), 0);
  EXPECT_GT(runner->seconds(runner->maxTokens(), 2, 1), 0);
}

TEST(KernelRunner, WhatThisMachineLacksIsRefused) {
  for (const Target *target : allTargets()) {
    if (runsHere(*target))
      continue;
    Failure failure = toFailure(
        KernelRunner::create(ternaryProducts(64, 96, 1), *target, nullptr)
            .takeError());
    EXPECT_EQ(failure.code, ExitCode::UnsupportedTarget);
    EXPECT_EQ(failure.message,
              ("this machine cannot run code for " + target->name).str());
  }
}

TEST(KernelRunner, HeadsOfEveryKindAndAttentionRun) {
  for (llvm::StringRef type :
       {"!bitnet.scaled<{0}x{1}xi8>", "!bitnet.scaled<{0}x{1}xi6>",
        "!bitnet.blocked<{0}x{1}xi8>", "!bitnet.blocked<{0}x{1}xi6>",
        "tensor<{0}x{1}xbf16>"}) {
    auto runner = llvm::cantFail(
        KernelRunner::create(head(65, 256, type), nativeTarget(), nullptr));
    EXPECT_GT(runner->headBytes(), 65u * 256 * 6 / 8);
    EXPECT_GT(runner->seconds(1, 2, 2), 0);
  }
  for (bool bytes : {false, true}) {
    AttentionShape shape{4, 2, 16, 2, 70, 1, bytes};
    EXPECT_EQ(shape.tokenBytes(), 2 * 2 * 2 * (bytes ? 16 + 4 : 32));
    auto runner = llvm::cantFail(
        KernelRunner::create(attention(shape), nativeTarget(), nullptr));
    EXPECT_GT(runner->seconds(1, 2, 2), 0);
  }
}

TEST(Limits, EveryTargetThatRunsHereHasThem) {
  for (const Target *target : allTargets())
    if (runsHere(*target)) {
      Limits limits = llvm::cantFail(measureLimits(*target, 1));
      EXPECT_GT(limits.bytesPerSecond, 1e8);
      EXPECT_GT(limits.dotsPerSecond, 1e8);
      EXPECT_GT(limits.fmasPerSecond, 1e8);
    }
}

TEST(KernelNames, AreUniqueWithinATarget) {
  for (const Target *target : allTargets()) {
    std::vector<std::string> names;
    for (const Kernel &kernel : target->kernels) {
      EXPECT_FALSE(llvm::is_contained(names, nameOf(kernel)));
      names.push_back(nameOf(kernel));
    }
  }
}

} // namespace
