//===- SamplerTest.cpp ----------------------------------------------------===//

#include "runtime/sample/Sampler.h"
#include "runtime/sample/Random.h"

#include "gtest/gtest.h"

#include <algorithm>
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

TEST(Candidates, AreSortedAlikeByRadixAndByComparisons) {
  // Ties, both zeros, both ends of what is finite, and lengths on both sides of
  // where the way of sorting changes.
  for (size_t count : {1, 999, 1000, 5000}) {
    sample::Random random(count);
    sample::Candidates candidates;
    std::vector<sample::Candidate> expected;
    const float ends[] = {0.0f, -0.0f, 3.4028235e38f, -3.4028235e38f, 1e-45f};
    for (size_t i = 0; i < count; ++i) {
      uint64_t number = random.next();
      float logit = number % 3 == 0 ? ends[number / 3 % 5]
                                    : float(int64_t(number >> 50) - 8192) / 7;
      candidates.logits.push(logit);
      candidates.ids.push(int32_t(3 * i));
      expected.push_back({logit, int32_t(3 * i)});
    }
    std::sort(expected.begin(), expected.end(), sample::isBetter);
    candidates.sort();
    ASSERT_EQ(candidates.size(), count);
    for (size_t i = 0; i < count; ++i) {
      ASSERT_EQ(candidates.ids[i], expected[i].id) << i << " of " << count;
      ASSERT_EQ(candidates.logits[i], expected[i].logit);
    }
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

TEST(LogitBias, IsAddedToSingleTokens) {
  std::vector<float> logits = {1, 2, 3, 0};
  Sampler sampler(4, 1);
  sample::LogitBias up[] = {{0, 1.5f}, {0, 1}},
                    out[] = {{2, -INFINITY}, {9, 100}};
  EXPECT_EQ(sampler.choose(logits, {.temperature = 0, .logitBias = up}), 0);
  EXPECT_EQ(sampler.choose(logits, {.temperature = 0, .logitBias = out}), 1);
  expectDistribution(
      countChoices(logitsOf({0.5, 0.25, 0.25}), {.logitBias = {out, 1}}),
      {2. / 3, 1. / 3, 0});
}

TEST(CountPenalties, LookAtTheAnswerAlone) {
  std::vector<float> logits = {2, 1.75, 0};
  SamplerOptions frequent = {.temperature = 0, .frequencyPenalty = 0.2};
  SamplerOptions present = {.temperature = 0, .presencePenalty = 0.3};
  Sampler sampler(3, 1);
  sampler.accept(0);
  sampler.accept(0);
  EXPECT_EQ(sampler.choose(logits, frequent), 0);
  sampler.beginAnswer();
  sampler.accept(0);
  EXPECT_EQ(sampler.choose(logits, frequent), 0); // 1.8
  EXPECT_EQ(sampler.choose(logits, present), 1);  // 1.7
  sampler.accept(0);
  EXPECT_EQ(sampler.choose(logits, frequent), 1); // 1.6
  sampler.beginAnswer();
  EXPECT_EQ(sampler.choose(logits, frequent), 0);
}

TEST(CountPenalties, RaiseWhenTheyAreNegative) {
  std::vector<float> logits = {1, 0.9f};
  Sampler sampler(2, 1);
  sampler.beginAnswer();
  sampler.accept(1);
  EXPECT_EQ(sampler.choose(logits, {.temperature = 0, .presencePenalty = -0.2}),
            1);
}

TEST(Allowed, KeepsTheProportionsOfWhatIsLeft) {
  std::vector<float> logits = logitsOf({0.1, 0.2, 0.3, 0.4});
  uint64_t allowed[] = {0b0110};
  Sampler sampler(4, 1);
  std::map<int32_t, int> counts;
  for (int i = 0; i < 20000; ++i)
    ++counts[sampler.choose(logits, {}, allowed)];
  expectDistribution(counts, {0, 0.4, 0.6, 0});
  EXPECT_EQ(sampler.choose(logits, {.temperature = 0}, allowed), 2);
}

TEST(Allowed, NeverLetsAnythingElseThrough) {
  std::vector<float> logits = randomLogits(300, 3);
  Sampler sampler(300, 1);
  for (int i = 0; i < 300; ++i) {
    uint64_t allowed[5] = {};
    for (int id : {i, (i * 7 + 3) % 300}) {
      allowed[id / 64] |= uint64_t{1} << (id % 64);
      logits[static_cast<size_t>(id)] = i % 2 ? NAN : -INFINITY;
    }
    for (double temperature : {0., 1.}) {
      int32_t id = sampler.choose(
          logits, {.temperature = temperature, .topK = i % 3, .topP = 0.9},
          allowed);
      EXPECT_TRUE(id == i || id == (i * 7 + 3) % 300) << i << ": " << id;
    }
  }
}

TEST(Allowed, OfNothingIsNoToken) {
  std::vector<float> logits = {1, 2};
  uint64_t allowed[] = {0};
  Sampler sampler(2, 1);
  EXPECT_EQ(sampler.choose(logits, {}, allowed), -1);
  EXPECT_EQ(sampler.choose(logits, {.temperature = 0}, allowed), -1);
}

/// What is allowed changes nothing where everything is.
TEST(Allowed, OfEverythingIsAsWithout) {
  std::vector<float> logits = randomLogits(200, 4, 4);
  std::vector<uint64_t> all(4, ~uint64_t{0});
  Sampler first(200, 5), second(200, 5);
  for (int i = 0; i < 200; ++i) {
    SamplerOptions options = {.topK = i % 3 * 20, .topP = i % 2 ? 0.9 : 1};
    EXPECT_EQ(first.choose(logits, options),
              second.choose(logits, options, all));
  }
}
