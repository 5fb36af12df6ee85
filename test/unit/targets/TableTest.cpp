//===- TableTest.cpp - The tables that lowered code builds ----------------===//
#include "test/unit/targets/LinearLayer.h"

#include "dialects/lut/Packing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

using namespace tritc;
using namespace tritc::targets::test;

namespace {

/// (a, b, c) of pattern t, counted from (-1, -1, -1) = -13.
int64_t sumOf(int64_t pattern, const int64_t *x) {
  int64_t code = pattern + 13;
  return (code / 9 - 1) * x[0] + (code / 3 % 3 - 1) * x[1] +
         (code % 3 - 1) * x[2];
}

/// Groups of three int8 such that each sum that a table can hold occurs.
std::vector<int64_t> activationsOfAllSums() {
  std::vector<int64_t> result;
  for (int64_t sum = -384; sum <= 381; ++sum) {
    int64_t first = std::clamp<int64_t>(sum, -128, 127);
    int64_t second = std::clamp<int64_t>(sum - first, -128, 127);
    result.insert(result.end(), {first, second, sum - first - second});
  }
  // 383 = 127 + 128 + 128 is the largest, and no pattern gives 384: its first
  // digit that is not 0 is positive.
  result.insert(result.end(), {127, -128, -127, 127, -128, -128});
  return result;
}

TEST(Table, EverySumIs63TimesHighPlusLow) {
  const Target &target = *lookupTarget("x86_avx2");
  if (!canRun(target))
    GTEST_SKIP();
  std::vector<int64_t> activations = activationsOfAllSums();
  int64_t columns = int64_t(activations.size());
  LinearLayer layer(target, {columns, {16}, 1});
  std::vector<float> input;
  for (int64_t x : activations)
    input.push_back(x == -128 ? -std::numeric_limits<float>::quiet_NaN()
                              : float(x));
  layer.setInput(0, input);
  layer.setWeights(std::vector<int8_t>(16 * columns), 1.0f);
  layer.decode(0);

  std::set<int64_t> sums;
  for (int64_t group = 0; group < columns / lut::groupColumns; ++group) {
    const int8_t *low = layer.tables().data() + group * 32, *high = low + 16;
    for (int64_t pattern = 0; pattern <= 13; ++pattern) {
      int64_t sum = sumOf(pattern, &activations[group * lut::groupColumns]);
      sums.insert(sum);
      ASSERT_EQ(63 * high[pattern] + low[pattern], sum);
      ASSERT_LE(std::abs(low[pattern]), 31) << sum;
      ASSERT_LE(std::abs(high[pattern]), 6) << sum;
    }
  }
  EXPECT_EQ(*sums.begin(), -384);
  EXPECT_EQ(*sums.rbegin(), 383);
  EXPECT_EQ(int64_t(sums.size()), 768) << "a sum never occurred";
}

} // namespace
