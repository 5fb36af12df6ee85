//===- PeakTest.cpp - The loop that measures the peak of blocks -----------===//
#include "test/unit/targets/ThisMachine.h"

#include "compiler/codegen/LoadedObject.h"
#include "compiler/tuning/LimitLoops.h"
#include "compiler/tuning/SmallProgram.h"
#include "compiler/tuning/Team.h"
#include "targets/Registry.h"

#include <gtest/gtest.h>

#include <random>

using namespace tritc;
using namespace tritc::targets::test;

namespace {

/// Factors where LimitLoops.h has them: codes of rows, in columns side by side,
/// then activations of tokens.
struct Factors {
  explicit Factors(const DotShape &dot) : dot(dot) {
    std::mt19937 random(9);
    for (int64_t i = 0; i < codeBytes(); ++i)
      bytes[i] = uint8_t(random() % 3);
    for (int64_t i = 0; i < dot.tokenTile * dot.columns; ++i)
      bytes[codeBytes() + i] = uint8_t(random());
  }

  int32_t product(int64_t token, int64_t row) const {
    int32_t sum = 0;
    int64_t group = row / dot.rows * dot.rows * dot.columns;
    for (int64_t column = 0; column < dot.columns; ++column) {
      int64_t side = column / dot.sideColumns * dot.rows * dot.sideColumns +
                     row % dot.rows * dot.sideColumns +
                     column % dot.sideColumns;
      sum += int32_t(bytes[group + side]) *
             int8_t(bytes[codeBytes() + token * dot.columns + column]);
    }
    return sum;
  }

  const DotShape &dot;
  std::vector<uint8_t> bytes = std::vector<uint8_t>(65536);

private:
  int64_t codeBytes() const { return dot.rowTile * dot.columns; }
};

TEST(Peak, OfBlocksIsThatOfAsManyProducts) {
  const Target &target = *lookupTarget("x86_amx");
  if (!executes(target))
    GTEST_SKIP() << "this machine cannot run x86_amx";
  const DotShape &dot = *target.registerDot;
  std::string object = llvm::cantFail(tuning::compileLoops(
      tuning::dotFunction("decode", dot) + tuning::fmaFunction("prefill", 16),
      target));
  auto code = llvm::cantFail(
      codegen::LoadedObject::load(object, &tuning::Barrier::waitAt));
  Factors factors(dot);
  constexpr unsigned threads = 2;
  constexpr int32_t rounds = 3;
  std::vector<int32_t> out(threads * 4096, 5);
  tuning::runTeam(threads, [&](unsigned thread, tuning::Barrier &barrier) {
    code.program().decode(nullptr, factors.bytes.data(), nullptr, nullptr,
                          nullptr, reinterpret_cast<float *>(out.data()),
                          nullptr, rounds, 0, thread, threads, &barrier);
  });
  const int32_t *sums = out.data();
  for (unsigned thread = 0; thread < threads; ++thread)
    for (int64_t token = 0; token < dot.tokenTile; token += dot.tokens)
      for (int64_t row = 0; row < dot.rowTile; row += dot.rows)
        for (int64_t t = 0; t < dot.tokens; ++t)
          for (int64_t r = 0; r < dot.rows; ++r)
            ASSERT_EQ(*sums++,
                      5 + rounds * factors.product(token + t, row + r));
  EXPECT_EQ(*sums, 5) << "wrote behind the sums";
  EXPECT_EQ(tuning::dotsOfRound(dot), 4 * 16 * 16 * 64);
}

} // namespace
