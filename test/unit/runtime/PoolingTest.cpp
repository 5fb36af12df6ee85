//===- PoolingTest.cpp - One vector of the states of a text's tokens ------===//

#include "runtime/exec/Pooling.h"

#include "gtest/gtest.h"

#include <cmath>
#include <vector>

using namespace tritc;

using Vector = std::vector<float>;

static TritcPooling of(std::vector<TritcPoolingMode> modes,
                       bool normalizes = false) {
  TritcPooling pooling{};
  for (TritcPoolingMode mode : modes)
    pooling.modes[pooling.modeCount++] = mode;
  pooling.normalizes = normalizes;
  return pooling;
}

static Vector pooled(const TritcPooling &pooling,
                     const std::vector<Vector> &states) {
  exec::Pooler pooler(pooling, states.front().size());
  pooler.begin();
  for (size_t i = pooler.firstNeeded(states.size()); i < states.size(); ++i)
    pooler.add(states[i]);
  std::span<const float> vector = pooler.finish();
  return {vector.begin(), vector.end()};
}

static const std::vector<Vector> states = {{1, -8}, {4, 2}, {4, 0}};

TEST(Pooling, EachModeIsWhatItsNameSays) {
  EXPECT_EQ(pooled(of({TRITC_POOL_FIRST}), states), (Vector{1, -8}));
  EXPECT_EQ(pooled(of({TRITC_POOL_LAST}), states), (Vector{4, 0}));
  EXPECT_EQ(pooled(of({TRITC_POOL_MAX}), states), (Vector{4, 2}));
  EXPECT_EQ(pooled(of({TRITC_POOL_MEAN}), states), (Vector{3, -2}));
  EXPECT_EQ(pooled(of({TRITC_POOL_MEAN_SQRT}), states),
            (Vector{9 / std::sqrt(3.0f), -6 / std::sqrt(3.0f)}));
  EXPECT_EQ(pooled(of({TRITC_POOL_WEIGHTED_MEAN}), states),
            (Vector{21.0f / 6, -4.0f / 6}));
}

TEST(Pooling, OfOneTokenIsThatToken) {
  for (uint32_t mode = 0; mode < TRITC_POOLING_MODES; ++mode)
    EXPECT_EQ(pooled(of({TritcPoolingMode(mode)}), {{-3, 5}}), (Vector{-3, 5}))
        << mode;
}

TEST(Pooling, OnlyTheLastTokenCanDoWithoutTheOthers) {
  TritcPooling last = of({TRITC_POOL_LAST});
  TritcPooling both = of({TRITC_POOL_LAST, TRITC_POOL_MEAN});
  EXPECT_EQ(exec::Pooler(last, 2).firstNeeded(7), 6u);
  EXPECT_EQ(exec::Pooler(both, 2).firstNeeded(7), 0u);
}

TEST(Pooling, SumsInTheOrderOfTokens) {
  float big = 1 << 24;
  EXPECT_EQ(pooled(of({TRITC_POOL_MEAN}), {{1}, {big}, {-big}}), Vector{0});
  EXPECT_EQ(pooled(of({TRITC_POOL_MEAN}), {{big}, {-big}, {1}}),
            Vector{1.0f / 3});
}

TEST(Pooling, ModesStandBehindOneAnother) {
  EXPECT_EQ(pooled(of({TRITC_POOL_LAST, TRITC_POOL_MEAN}), states),
            (Vector{4, 0, 3, -2}));
}

TEST(Pooling, NormalizesWhatTheCodeDidNot) {
  EXPECT_EQ(pooled(of({TRITC_POOL_MEAN}, true), {{3, 4}, {3, 4}}),
            (Vector{3 / 5.0f, 4 / 5.0f}));
  // Rows of one token come normalized.
  EXPECT_EQ(pooled(of({TRITC_POOL_LAST}, true), {{3, 4}}), (Vector{3, 4}));
  // Together they have length 1, not each.
  EXPECT_EQ(pooled(of({TRITC_POOL_FIRST, TRITC_POOL_LAST}, true), {{3}, {4}}),
            (Vector{3 / 5.0f, 4 / 5.0f}));
}

TEST(Pooling, NormalizesNothingToNothing) {
  EXPECT_EQ(pooled(of({TRITC_POOL_MEAN}, true), {{0, 0}}), (Vector{0, 0}));
}

TEST(Pooling, KeepsWhatIsNoNumber) {
  for (const std::vector<Vector> &order :
       {std::vector<Vector>{{NAN}, {1}}, {{1}, {NAN}}})
    EXPECT_TRUE(std::isnan(pooled(of({TRITC_POOL_MAX}), order)[0]));
}

TEST(Pooling, BeginsEachTextAnew) {
  TritcPooling mean = of({TRITC_POOL_MEAN});
  exec::Pooler pooler(mean, 1);
  for (float value : {5.0f, 7.0f}) {
    pooler.begin();
    pooler.add(Vector{value});
    EXPECT_EQ(pooler.finish()[0], value);
  }
}
