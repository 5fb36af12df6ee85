//===- SamplerTest.cpp ----------------------------------------------------===//

#include "runtime/sample/Sampler.h"

#include "gtest/gtest.h"

#include <cmath>
#include <map>
#include <vector>

using namespace tritc;
using sample::Sampler;
using sample::SamplerOptions;

static std::vector<float> randomLogits(size_t count, uint64_t seed,
                                       double spread = 8) {
  sample::Random random(seed);
  std::vector<float> logits;
  for (size_t i = 0; i < count; ++i)
    logits.push_back(static_cast<float>((random.uniform() - 0.5) * spread));
  return logits;
}

/// How often each id comes in `draws` draws.
static std::map<int32_t, int> countChoices(const std::vector<float> &logits,
                                           const SamplerOptions &options,
                                           int draws = 20000) {
  Sampler sampler(logits.size(), 7);
  std::map<int32_t, int> counts;
  for (int i = 0; i < draws; ++i)
    ++counts[sampler.choose(logits, options)];
  return counts;
}

/// Logits of probabilities.
static std::vector<float> logitsOf(const std::vector<double> &probabilities) {
  std::vector<float> logits;
  for (double p : probabilities)
    logits.push_back(static_cast<float>(std::log(p)));
  return logits;
}

/// Expects the counts to be those of `probabilities`, which add up to 1, within
/// five standard deviations.
static void expectDistribution(const std::map<int32_t, int> &counts,
                               const std::vector<double> &probabilities,
                               int draws = 20000) {
  for (size_t id = 0; id < probabilities.size(); ++id) {
    auto found = counts.find(static_cast<int32_t>(id));
    double count = found == counts.end() ? 0 : found->second;
    double p = probabilities[id];
    EXPECT_NEAR(count, draws * p, 5 * std::sqrt(draws * p * (1 - p))) << id;
  }
}

TEST(Greedy, TakesTheLowestOfTheBest) {
  Sampler sampler(100, 1);
  std::vector<float> logits(100, -1);
  logits[60] = logits[20] = logits[99] = 3;
  EXPECT_EQ(sampler.choose(logits, {.temperature = 0}), 20);
}

TEST(Greedy, NeverTakesNan) {
  Sampler sampler(40, 1);
  std::vector<float> logits(40, NAN);
  logits[25] = -1000;
  EXPECT_EQ(sampler.choose(logits, {.temperature = 0}), 25);
  EXPECT_EQ(sampler.choose(logits, {.temperature = 0, .repeatPenalty = 2}), 25);
}

TEST(Draw, FollowsTheDistribution) {
  std::vector<double> p = {0.5, 0.25, 0.125, 0.0625, 0.0625};
  expectDistribution(countChoices(logitsOf(p), {}), p);
}

TEST(Draw, SharpensAndFlattensWithTemperature) {
  std::vector<float> logits = logitsOf({0.6, 0.3, 0.1});
  // p^(1/T), scaled to 1.
  expectDistribution(countChoices(logits, {.temperature = 0.5}),
                     {0.36 / 0.46, 0.09 / 0.46, 0.01 / 0.46});
  double sum = std::sqrt(0.6) + std::sqrt(0.3) + std::sqrt(0.1);
  expectDistribution(
      countChoices(logits, {.temperature = 2}),
      {std::sqrt(0.6) / sum, std::sqrt(0.3) / sum, std::sqrt(0.1) / sum});
}

TEST(Draw, IsGreedyInTheLimit) {
  std::vector<float> logits = randomLogits(1000, 3);
  Sampler sampler(1000, 5);
  int32_t best = sampler.choose(logits, {.temperature = 0});
  logits[static_cast<size_t>(best)] += 1;
  for (double temperature : {1e-3, 1e-30, 1e-300})
    for (int i = 0; i < 20; ++i)
      ASSERT_EQ(sampler.choose(logits, {.temperature = temperature}), best);
}

TEST(Draw, NeverTakesNanOrMinusInfinity) {
  std::vector<float> logits = {NAN, 0, -INFINITY, 0, NAN};
  auto counts = countChoices(logits, {});
  EXPECT_EQ(counts.size(), 2u);
  expectDistribution(counts, {0, 0.5, 0, 0.5, 0});
}

TEST(Draw, TakesInfinityAlways) {
  EXPECT_EQ(countChoices({1, INFINITY, 2}, {}).size(), 1u);
}

TEST(Draw, SurvivesNothingButNan) {
  for (double topP : {1.0, 0.5})
    for (int64_t topK : {0, 2})
      for (double minP : {0.0, 0.1})
        for (int32_t id = 0;
             auto [choice, count] :
             countChoices({NAN, NAN, NAN},
                          {.topK = topK, .topP = topP, .minP = minP}, 100)) {
          EXPECT_GE(choice, id);
          EXPECT_LT(choice, 3);
        }
}

TEST(TopK, KeepsTheBest) {
  std::vector<float> logits = logitsOf({0.1, 0.2, 0.3, 0.4});
  expectDistribution(countChoices(logits, {.topK = 2}),
                     {0, 0, 0.3 / 0.7, 0.4 / 0.7});
}

TEST(TopK, KeepsTheLowestOfEquals) {
  auto counts = countChoices(std::vector<float>(100, 1), {.topK = 3});
  expectDistribution(counts, {1 / 3., 1 / 3., 1 / 3., 0});
}

/// Against sorting everything, for sizes around the vector's and k's of all
/// kinds, with many equal logits.
TEST(TopK, AgreesWithSorting) {
  for (size_t vocabSize : {1u, 15u, 16u, 17u, 33u, 1000u})
    for (int64_t k : {1, 2, 15, 16, 17, 40}) {
      sample::Random random(vocabSize);
      sample::Candidates candidates;
      std::vector<sample::Candidate> expected;
      for (size_t i = 0; i < vocabSize; ++i) {
        float logit = static_cast<float>(random.next() % 50);
        candidates.logits.push(logit);
        candidates.ids.push(static_cast<int32_t>(i));
        expected.push_back({logit, static_cast<int32_t>(i)});
      }
      std::sort(expected.begin(), expected.end(), sample::isBetter);
      sample::applyTopK(candidates, {.topK = k});
      size_t kept = std::min<size_t>(vocabSize, static_cast<size_t>(k));
      ASSERT_EQ(candidates.size(), kept);
      candidates.sort();
      for (size_t i = 0; i < kept; ++i)
        ASSERT_EQ(candidates.ids[i], expected[i].id) << vocabSize << " " << k;
    }
}

TEST(TopP, KeepsWhatReachesTheMass) {
  std::vector<float> logits = logitsOf({0.05, 0.5, 0.25, 0.2});
  expectDistribution(countChoices(logits, {.topP = 0.7}),
                     {0, 0.5 / 0.75, 0.25 / 0.75, 0});
  expectDistribution(countChoices(logits, {.topP = 0.8}),
                     {0, 0.5 / 0.95, 0.25 / 0.95, 0.2 / 0.95});
}

TEST(TopP, KeepsTheBestAtLeast) {
  EXPECT_EQ(countChoices(logitsOf({0.2, 0.5, 0.3}), {.topP = 0}).size(), 1u);
}

TEST(TopP, CountsTheMassOfWhatTopKLeft) {
  // Of 0.4 and 0.3 the first alone makes up 0.57.
  EXPECT_EQ(
      countChoices(logitsOf({0.4, 0.3, 0.3}), {.topK = 2, .topP = 0.55}).size(),
      1u);
}

/// Against sorting everything: what is dropped unsorted never matters.
TEST(TopP, AgreesWithSorting) {
  for (double spread : {0.1, 4.0, 20.0, 100.0})
    for (double topP : {0.01, 0.3, 0.9, 0.99, 0.999999}) {
      std::vector<float> logits = randomLogits(2000, 11, spread);
      sample::Candidates candidates, sorted;
      for (size_t i = 0; i < logits.size(); ++i)
        for (auto *both : {&candidates, &sorted}) {
          both->logits.push(logits[i]);
          both->ids.push(static_cast<int32_t>(i));
        }
      sorted.sort();
      double mass = 0, reached = 0;
      for (float logit : logits)
        mass += std::exp(static_cast<double>(logit));
      size_t kept = 0;
      while (reached < topP * mass)
        reached += std::exp(static_cast<double>(sorted.logits[kept++]));
      sample::applyTopP(candidates, {.topP = topP});
      // One more or less where the sums' rounding decides.
      ASSERT_NEAR(static_cast<double>(candidates.size()),
                  static_cast<double>(kept), 1)
          << spread << " " << topP;
      for (size_t i = 0; i < candidates.size(); ++i)
        ASSERT_EQ(candidates.ids[i], sorted.ids[i]);
    }
}

TEST(MinP, DropsWhatIsFarBelowTheBest) {
  std::vector<float> logits = logitsOf({0.04, 0.5, 0.3, 0.16});
  expectDistribution(countChoices(logits, {.minP = 0.1}),
                     {0, 0.5 / 0.96, 0.3 / 0.96, 0.16 / 0.96});
  EXPECT_EQ(countChoices(logits, {.minP = 1}).size(), 1u);
}

TEST(RepeatPenalty, DividesPositiveAndMultipliesNegativeLogits) {
  sample::Candidates candidates;
  for (float logit : {2.0f, -2.0f, 2.0f, 0.0f})
    candidates.logits.push(logit);
  std::vector<int32_t> recent = {1, 0, 0, 0, 3};
  sample::applyRepeatPenalty(candidates, recent, {.repeatPenalty = 2});
  EXPECT_EQ(candidates.logits[0], 1); // once, though it occurs three times
  EXPECT_EQ(candidates.logits[1], -4);
  EXPECT_EQ(candidates.logits[2], 2);
  EXPECT_EQ(candidates.logits[3], 0);
}

TEST(RepeatPenalty, LooksBackAsFarAsTold) {
  std::vector<float> logits = {3, 2.5f, 1};
  SamplerOptions options = {
      .temperature = 0, .repeatPenalty = 2, .repeatLastN = 2};
  Sampler sampler(3, 1);
  EXPECT_EQ(sampler.choose(logits, options), 0);
  sampler.accept(0);
  EXPECT_EQ(sampler.choose(logits, options), 1);
  sampler.accept(1);
  EXPECT_EQ(sampler.choose(logits, options), 0); // 1.5, 1.25, 1
  sampler.accept(2);
  sampler.accept(2);
  EXPECT_EQ(sampler.choose(logits, options), 0);
  sampler.accept(0);
  sampler.forget();
  EXPECT_EQ(sampler.choose(logits, options), 0);
}

TEST(RepeatPenalty, RemembersEnoughOfALongText) {
  Sampler sampler(3, 1);
  sampler.accept(0);
  for (int i = 0; i < 4095; ++i)
    sampler.accept(1);
  std::vector<float> logits = {3, 1, 2};
  SamplerOptions options = {
      .temperature = 0, .repeatPenalty = 2, .repeatLastN = 4096};
  for (int i = 0; i < 5000; ++i) {
    // Token 0 leaves the window with the first further token.
    ASSERT_EQ(sampler.choose(logits, options), i == 0 ? 2 : 0) << i;
    sampler.accept(1);
  }
}

TEST(Sampler, RepeatsItselfForOneSeed) {
  std::vector<float> logits = randomLogits(500, 1, 3);
  Sampler first(500, 99), second(500, 99), other(500, 100);
  int differences = 0;
  for (int i = 0; i < 200; ++i) {
    SamplerOptions options = {.topK = i % 3 * 20, .topP = i % 2 ? 0.9 : 1};
    int32_t choice = first.choose(logits, options);
    EXPECT_EQ(second.choose(logits, options), choice);
    differences += other.choose(logits, options) != choice;
  }
  EXPECT_GT(differences, 100);
}

/// A golden sequence: it changes when the order of any sum does.
TEST(Sampler, DrawsTheSameTokensOnEveryMachine) {
  std::vector<float> logits = randomLogits(1000, 2, 6);
  Sampler sampler(1000, 1234);
  uint64_t hash = 0xcbf29ce484222325;
  for (int i = 0; i < 1000; ++i) {
    int32_t id = sampler.choose(logits, {.temperature = 0.8,
                                         .topK = i % 2 ? 100 : 0,
                                         .topP = 0.95,
                                         .minP = i % 3 ? 0.05 : 0});
    hash = (hash ^ static_cast<uint64_t>(id)) * 0x100000001b3;
  }
  EXPECT_EQ(hash, 245725151760509126u);
}

TEST(Sampler, LeavesTheLogitsAsTheyAre) {
  std::vector<float> logits = randomLogits(100, 1);
  logits[5] = NAN;
  std::vector<float> before = logits;
  Sampler sampler(100, 1);
  sampler.accept(3);
  sampler.choose(logits, {.topK = 10, .topP = 0.9, .repeatPenalty = 2});
  EXPECT_EQ(memcmp(before.data(), logits.data(), 100 * sizeof(float)), 0);
}
