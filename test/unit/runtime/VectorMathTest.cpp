//===- VectorMathTest.cpp -------------------------------------------------===//

#include "runtime/sample/VectorMath.h"
#include "runtime/sample/Random.h"

#include "gtest/gtest.h"

#include <cfloat>
#include <cmath>
#include <vector>

using namespace tritc;

static std::vector<float> randomValues(size_t count, uint64_t seed) {
  sample::Random random(seed);
  std::vector<float> values;
  for (size_t i = 0; i < count; ++i)
    values.push_back(static_cast<float>(random.uniform() * 20 - 15));
  return values;
}

TEST(MakeFinite, LeavesNoNanAndNoInfinity) {
  std::vector<float> values = {1, NAN, INFINITY, -INFINITY, -NAN, 0};
  sample::makeFinite(values);
  EXPECT_EQ(values,
            (std::vector<float>{1, -FLT_MAX, FLT_MAX, -FLT_MAX, -FLT_MAX, 0}));
}

TEST(Maximum, LooksAtEveryValue) {
  for (size_t count : {1u, 5u, 15u, 16u, 17u, 40u})
    for (size_t place = 0; place < count; ++place) {
      std::vector<float> values(count, -3);
      values[place] = 2;
      EXPECT_EQ(sample::maximum(values), 2) << place << " of " << count;
      EXPECT_EQ(sample::indexOfMaximum(values), place);
    }
}

TEST(IndexOfMaximum, TakesTheLowestOfEquals) {
  std::vector<float> values(50, 0);
  values[33] = values[17] = values[40] = 1;
  EXPECT_EQ(sample::indexOfMaximum(values), 17u);
  EXPECT_EQ(sample::indexOfMaximum(std::vector<float>(50, 4)), 0u);
}

TEST(IndexOfMaximum, IgnoresNan) {
  std::vector<float> values(50, NAN);
  EXPECT_EQ(sample::indexOfMaximum(values), 0u);
  values[31] = -1e30f;
  EXPECT_EQ(sample::indexOfMaximum(values), 31u);
  values[48] = -INFINITY;
  EXPECT_EQ(sample::indexOfMaximum(values), 31u);
  EXPECT_EQ(sample::indexOfMaximum({}), 0u);
}

TEST(Exponentials, AreWithinTheirBound) {
  std::vector<float> values, results;
  for (float x = 0; x > -86.9f; x -= 0.0137f)
    values.push_back(x);
  results.resize(values.size());
  sample::exponentials(values, 0, 1, results.data());
  for (size_t i = 0; i < values.size(); ++i) {
    double exact = std::exp(static_cast<double>(values[i]));
    ASSERT_NEAR(results[i] / exact, 1, 2e-7) << values[i];
  }
  EXPECT_EQ(results[0], 1);
}

TEST(Exponentials, EndInZero) {
  std::vector<float> values = {-87.1f, -1e30f, -INFINITY, NAN};
  std::vector<float> results(values.size(), 1);
  sample::exponentials(values, 0, 1, results.data());
  EXPECT_EQ(results, std::vector<float>(values.size(), 0));
}

TEST(Exponentials, ShiftAndScale) {
  std::vector<float> values = {3, 2, 1};
  sample::exponentials(values, 3, 0.5f, values.data());
  EXPECT_EQ(values[0], 1);
  EXPECT_NEAR(values[1], std::exp(-0.5), 1e-6);
  EXPECT_NEAR(values[2], std::exp(-1.0), 1e-6);
}

/// The order written in the header, by hand.
static double inSixteenLanes(const std::vector<float> &terms) {
  double lanes[16] = {};
  for (size_t i = 0; i < terms.size(); ++i)
    lanes[i % 16] += static_cast<double>(terms[i]);
  for (size_t half : {8, 4, 2, 1})
    for (size_t lane = 0; lane < half; ++lane)
      lanes[lane] += lanes[lane + half];
  return lanes[0];
}

TEST(SumOfExponentials, HasOneOrder) {
  for (size_t count : {0u, 1u, 16u, 100u, 1003u}) {
    std::vector<float> values = randomValues(count, count);
    std::vector<float> powers(count);
    for (size_t i = 0; i < count; ++i)
      sample::exponentials({&values[i], 1}, 5, 1, &powers[i]);
    EXPECT_EQ(sample::sumOfExponentials(values, 5), inSixteenLanes(powers))
        << count;
  }
}

TEST(SumAtLeast, HasOneOrderAndLeavesOutWhatIsBelow) {
  for (size_t count : {0u, 1u, 16u, 100u, 1003u})
    for (float cutoff : {-INFINITY, -2.0f, 3.0f}) {
      std::vector<float> values = randomValues(count, count);
      std::vector<float> kept = values;
      for (float &value : kept)
        value = value >= cutoff ? value : 0;
      EXPECT_EQ(sample::sumAtLeast(values, cutoff), inSixteenLanes(kept))
          << count;
    }
}

TEST(NextBlockAtLeast, FindsEveryBlock) {
  std::vector<float> values(70, 0);
  values[37] = 1;
  EXPECT_EQ(sample::nextBlockAtLeast(values, 0, 1), 32u);
  EXPECT_EQ(sample::nextBlockAtLeast(values, 32, 1), 32u);
  EXPECT_EQ(sample::nextBlockAtLeast(values, 48, 1), 64u); // unseen
  EXPECT_EQ(sample::nextBlockAtLeast(values, 80, 1), 70u);
}
