//===- EngineTest.cpp -----------------------------------------------------===//

#include "runtime/exec/Engine.h"
#include "test/unit/runtime/ToyModel.h"

#include "gtest/gtest.h"

using namespace tritc;
using test::ToyModel;

/// All logits of `tokens`, row after row.
static std::vector<float> logitsOf(const ToyModel &toy,
                                   const exec::EngineOptions &options,
                                   std::vector<int32_t> tokens) {
  exec::Engine engine(toy.program(), toy.image());
  EXPECT_FALSE(engine.start(options));
  std::vector<float> all;
  size_t expected = 0;
  size_t done = engine.forward(tokens, 0, 0, nullptr,
                               [&](size_t index, std::span<const float> row) {
                                 EXPECT_EQ(index, expected++);
                                 all.insert(all.end(), row.begin(), row.end());
                               });
  EXPECT_EQ(done, tokens.size());
  return all;
}

static std::vector<int32_t> someTokens(size_t count) {
  std::vector<int32_t> tokens;
  for (size_t i = 0; i < count; ++i)
    tokens.push_back(static_cast<int32_t>(i * 37 % 256));
  return tokens;
}

TEST(Engine, GivesTheSameBitsForEveryBlockSizeAndThreadCount) {
  ToyModel toy;
  std::vector<int32_t> tokens = someTokens(29);
  std::vector<float> expected =
      logitsOf(toy, {.threads = 1, .blockSize = 1}, tokens);
  ASSERT_EQ(expected.size(), 29u * toy.program().vocabSize);
  for (uint32_t threads : {1u, 2u, 3u, 5u})
    for (uint32_t block : {0u, 1u, 2u, 3u, 7u, 8u, 1000u})
      EXPECT_EQ(logitsOf(toy, {.threads = threads, .blockSize = block}, tokens),
                expected)
          << threads << " threads, blocks of " << block;
}

TEST(Engine, ComputesFromCopiedWeightsTheSame) {
  ToyModel toy;
  std::vector<int32_t> tokens = someTokens(5);
  EXPECT_EQ(
      logitsOf(toy, {.threads = 2, .weights = exec::Weights::Copy}, tokens),
      logitsOf(toy, {.threads = 2}, tokens));
}

TEST(Engine, KeepsTheResidualStreamOfTheLastBlock) {
  ToyModel toy;
  std::vector<int32_t> tokens = someTokens(11);
  auto ignore = [](size_t, std::span<const float>) {};
  /// The rows of the last three tokens, stage by stage.
  auto traceOf = [&](size_t block) {
    std::vector<float> all;
    exec::Engine engine(toy.program(), toy.image());
    EXPECT_FALSE(engine.start({.threads = 2, .trace = true}));
    std::span<const int32_t> span = tokens;
    engine.forward(span.first(8), 0, 8, nullptr, ignore);
    for (size_t at = 8; at < 11; at += block) {
      engine.forward(span.subspan(at, block), at, block, nullptr, ignore);
      for (uint32_t stage = 0; stage <= ToyModel::layerCount; ++stage)
        for (size_t row = 0; row < block; ++row) {
          auto values = engine.traceRow(stage, row);
          all.insert(all.end(), values.begin(), values.end());
        }
    }
    std::sort(all.begin(), all.end()); // blocks visit in another order
    return all;
  };
  std::vector<float> expected = traceOf(1);
  ASSERT_EQ(expected.size(),
            3u * (ToyModel::layerCount + 1) * ToyModel::hiddenSize);
  EXPECT_NE(expected.front(), expected.back());
  EXPECT_EQ(traceOf(3), expected);
}

TEST(Engine, ContinuesFromAnyPosition) {
  ToyModel toy;
  std::vector<int32_t> tokens = someTokens(20);
  std::vector<float> expected = logitsOf(toy, {.threads = 1}, tokens);
  uint32_t vocabSize = toy.program().vocabSize;
  exec::Engine engine(toy.program(), toy.image());
  ASSERT_FALSE(engine.start({.threads = 2}));
  for (size_t cut = 1; cut < tokens.size(); ++cut) {
    std::span<const int32_t> all = tokens;
    auto ignore = [](size_t, std::span<const float>) { FAIL(); };
    engine.forward(all.first(cut), 0, cut, nullptr, ignore);
    engine.forward(all.subspan(cut), cut, tokens.size() - cut - 1, nullptr,
                   [&](size_t index, std::span<const float> row) {
                     EXPECT_EQ(index, tokens.size() - cut - 1);
                     EXPECT_TRUE(std::equal(row.begin(), row.end(),
                                            expected.end() - vocabSize));
                   });
  }
}

TEST(Engine, StopsBetweenBlocksWhenInterrupted) {
  ToyModel toy;
  std::vector<int32_t> tokens = someTokens(20);
  std::atomic<bool> interrupted{false};
  exec::Engine engine(toy.program(), toy.image());
  ASSERT_FALSE(engine.start({.threads = 1, .blockSize = 8}));
  EXPECT_EQ(engine.forward(tokens, 0, 0, &interrupted,
                           [&](size_t index, std::span<const float>) {
                             interrupted = index >= 3;
                           }),
            8u);
}

TEST(Engine, CountsAnInterruptedBlockAsNotRun) {
  ToyModel toy;
  std::vector<int32_t> tokens = someTokens(20);
  std::vector<float> expected = logitsOf(toy, {.threads = 1}, tokens);
  uint32_t vocabSize = toy.program().vocabSize;
  for (uint32_t threads : {1u, 3u}) {
    std::atomic<bool> interrupted{false};
    exec::Engine engine(toy.program(), toy.image());
    ASSERT_FALSE(engine.start({.threads = threads, .blockSize = 8}));
    std::span<const int32_t> all = tokens;
    auto ignore = [](size_t, std::span<const float>) {};
    toy.interruptInBlock(&interrupted, 2);
    EXPECT_EQ(engine.forward(all, 0, 20, &interrupted, ignore), 8u);
    toy.interruptInBlock(nullptr, 0);
    interrupted = false;
    // What ran before is still there, what comes after is as ever.
    engine.forward(all.subspan(8), 8, 11, &interrupted,
                   [&](size_t, std::span<const float> row) {
                     EXPECT_TRUE(std::equal(row.begin(), row.end(),
                                            expected.end() - vocabSize));
                   });
  }
}

TEST(Engine, TakesSizesAsCompiledByDefaultAndNeverMore) {
  ToyModel toy;
  exec::Engine asCompiled(toy.program(), toy.image());
  ASSERT_FALSE(asCompiled.start({.threads = 1}));
  EXPECT_EQ(asCompiled.contextSize(), ToyModel::contextSize);
  EXPECT_EQ(asCompiled.blockSize(), ToyModel::maxTokens);
  exec::Engine asked(toy.program(), toy.image());
  ASSERT_FALSE(
      asked.start({.threads = 1, .contextSize = 100000, .blockSize = 100000}));
  EXPECT_EQ(asked.contextSize(), ToyModel::contextSize);
  EXPECT_EQ(asked.blockSize(), ToyModel::maxTokens);
}

TEST(Engine, SaysWhenThereIsNoMemory) {
  ToyModel toy;
  toy.program().kvCacheBytes = uint64_t{1} << 60;
  exec::Engine engine(toy.program(), toy.image());
  base::Failure failure = engine.start({.threads = 1});
  EXPECT_EQ(failure.code, base::Internal);
  EXPECT_NE(std::string(failure.message).find("MiB"), std::string::npos);
}
