//===- RandomTest.cpp -----------------------------------------------------===//

#include "runtime/sample/Random.h"
#include "runtime/sample/Logarithm.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace tritc;

TEST(Random, GivesTheNumbersOfXoshiro) {
  // From the authors' xoshiro256starstar.c, its state filled by splitmix64.c
  // from seed 0; the latter's first outputs are well known.
  sample::Random random(0);
  uint64_t state[4] = {0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4,
                       0x06c45d188009454f, 0xf88bb8a8724c81ec};
  auto rotl = [](uint64_t x, int k) { return x << k | x >> (64 - k); };
  for (int i = 0; i < 100; ++i) {
    uint64_t expected = rotl(state[1] * 5, 7) * 9;
    uint64_t t = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotl(state[3], 45);
    ASSERT_EQ(random.next(), expected) << i;
  }
}

TEST(Random, IsUniformBelowOne) {
  sample::Random random(42);
  double sum = 0, least = 1, most = 0;
  for (int i = 0; i < 100000; ++i) {
    double value = random.uniform();
    sum += value;
    least = std::min(least, value);
    most = std::max(most, value);
  }
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
  EXPECT_GE(least, 0);
  EXPECT_LT(most, 1);
}

TEST(Random, DrawsDifferentSeedsFromTheKernel) {
  EXPECT_NE(sample::randomSeed(), sample::randomSeed());
}

TEST(Logarithm, AgreesWithTheMathLibrary) {
  for (double x = 1e-300; x < 1e300; x *= 1.37)
    EXPECT_NEAR(sample::logarithm(x), std::log(x),
                4e-16 * std::max(1.0, std::abs(std::log(x))))
        << x;
  EXPECT_EQ(sample::logarithm(1), 0);
}

TEST(Exponential, AgreesWithTheMathLibrary) {
  for (double x = -700; x < 700; x += 0.317)
    EXPECT_NEAR(sample::exponential(x) / std::exp(x), 1, 4e-15) << x;
  EXPECT_EQ(sample::exponential(0), 1);
  EXPECT_EQ(sample::exponential(-1000), 0);
  EXPECT_EQ(sample::exponential(1000), INFINITY);
}
