//===- TableTest.cpp - The tables that lowered code builds ----------------===//
#include "test/unit/targets/LinearLayer.h"

#include "dialects/lut/Lut.h"
#include "targets/Registry.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
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

/// Calls `check` with each group's table, as decode built it, and activations.
void forEachTable(
    const Target &target,
    llvm::function_ref<void(const int8_t *table, const int64_t *x)> check) {
  std::vector<int64_t> activations = activationsOfAllSums();
  int64_t columns = int64_t(activations.size());
  const Kernel &kernel =
      *llvm::find_if(target.kernels, [](const Kernel &candidate) {
        return lut::tableShape(candidate.packing).has_value();
      });
  LinearLayer layer(target, kernel, {columns, {16}, 1});
  std::vector<float> input;
  for (int64_t x : activations)
    input.push_back(x == -128 ? -std::numeric_limits<float>::quiet_NaN()
                              : float(x));
  layer.setInput(0, input);
  layer.setWeights(std::vector<int8_t>(16 * columns), 1.0f);
  layer.decode(0);
  int64_t groupBytes = lut::tableShape(kernel.packing)->groupBytes;
  for (int64_t group = 0; group < columns / lut::groupColumns; ++group)
    check(layer.tables().data() + group * groupBytes,
          &activations[group * lut::groupColumns]);
}

TEST(Table, EverySumIs27TimesHighPlusLow) {
  std::set<int64_t> sums;
  forEachTable(*lookupTarget("x86_avx2"),
               [&](const int8_t *table, const int64_t *x) {
                 const int8_t *low = table, *high = table + 16;
                 for (int64_t pattern = 0; pattern <= 13; ++pattern) {
                   int64_t sum = sumOf(pattern, x);
                   sums.insert(sum);
                   ASSERT_EQ(27 * high[pattern] + low[pattern], sum);
                   // Eight of them fit a byte.
                   ASSERT_LE(std::abs(low[pattern]), 13) << sum;
                   ASSERT_LE(std::abs(high[pattern]), 14) << sum;
                 }
               });
  EXPECT_EQ(*sums.begin(), -384);
  EXPECT_EQ(*sums.rbegin(), 383);
  EXPECT_EQ(int64_t(sums.size()), 768) << "a sum never occurred";
}

TEST(Table, ComplementsNegateWhatIs14Less) {
  forEachTable(*lookupTarget("aarch64_neon"),
               [](const int8_t *table, const int64_t *x) {
                 const int8_t *low = table, *high = table + 16;
                 for (int64_t pattern = 0; pattern <= 13; ++pattern) {
                   int64_t sum = sumOf(pattern, x);
                   ASSERT_EQ(27 * high[pattern] + low[pattern] + 14, sum);
                   ASSERT_EQ(27 * ~high[pattern] + ~low[pattern] + 14, -sum);
                   // Eight of them fit a byte.
                   ASSERT_LE(std::abs(low[pattern]), 15) << sum;
                   ASSERT_LE(std::abs(high[pattern]), 15) << sum;
                 }
               });
}

TEST(Table, WordsAreTheSumsOfAllPatterns) {
  forEachTable(*lookupTarget("x86_avx512"),
               [](const int8_t *table, const int64_t *x) {
                 int16_t words[32];
                 memcpy(words, table, sizeof(words));
                 for (int64_t pattern = -13; pattern <= 13; ++pattern)
                   ASSERT_EQ(words[pattern + 13], sumOf(pattern, x)) << pattern;
                 for (int64_t unused = 27; unused < 32; ++unused)
                   ASSERT_EQ(words[unused], 0);
               });
}

} // namespace
