//===- EngineTest.cpp -----------------------------------------------------===//

#include "runtime/exec/Engine.h"
#include "test/unit/runtime/ToyModel.h"

#include "gtest/gtest.h"

#include <array>

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

/// The logits of the last token of `tokens`, from a pass of its own kind.
static std::vector<float> lastLogits(const ToyModel &toy,
                                     const std::vector<int32_t> &tokens) {
  std::vector<float> all = logitsOf(toy, {.threads = 1}, tokens);
  return {all.end() - toy.program().vocabSize, all.end()};
}

/// A sequence with pages of its own.
namespace {
struct Guest {
  std::vector<int32_t> tokens;
  std::vector<int32_t> pages;
  size_t done = 0;

  exec::Piece piece(size_t count) {
    exec::Piece piece{.tokens = std::span(tokens).subspan(done, count),
                      .position = done,
                      .pages = pages,
                      .wanted = 1};
    done += count;
    return piece;
  }
};
} // namespace

TEST(Engine, GivesEachSequenceOfAPassWhatItGetsAlone) {
  ToyModel toy;
  exec::Engine engine(toy.program(), toy.image());
  ASSERT_FALSE(engine.start({.threads = 2, .cachePages = 7}));
  EXPECT_EQ(engine.cachePages(), 7u);
  // Their pages are scattered, and the second one crosses into another.
  Guest a{someTokens(12), {5}}, b{someTokens(70), {1, 3}},
      c{someTokens(9), {0}};
  for (int32_t &token : b.tokens)
    token = (token + 11) % 256;
  c.tokens[0] = 99;
  for (size_t at = 0; at < 64; at += 8) {
    exec::Piece piece = b.piece(8);
    ASSERT_TRUE(engine.pass({&piece, 1}, nullptr));
  }
  for (auto counts : {std::array<size_t, 3>{5, 1, 2},
                      {1, 3, 4},
                      {6, 1, 1},
                      {0, 1, 1},
                      {0, 0, 1}}) {
    std::vector<exec::Piece> pieces;
    std::vector<Guest *> guests = {&c, &b, &a}, there;
    for (size_t i = 0; i < 3; ++i)
      if (size_t count = counts[2 - i]) {
        pieces.push_back(guests[i]->piece(count));
        there.push_back(guests[i]);
      }
    ASSERT_TRUE(engine.pass(pieces, nullptr));
    for (size_t i = 0; i < there.size(); ++i) {
      Guest &guest = *there[i];
      std::vector<int32_t> said(guest.tokens.begin(),
                                guest.tokens.begin() + long(guest.done));
      std::span<float> row = engine.wantedRow(i);
      EXPECT_EQ(std::vector<float>(row.begin(), row.end()),
                lastLogits(toy, said))
          << "sequence " << i << " after " << guest.done;
    }
  }
}

TEST(Engine, LetsSequencesShareTheirFirstPage) {
  ToyModel toy;
  exec::Engine engine(toy.program(), toy.image());
  ASSERT_FALSE(engine.start({.threads = 1, .cachePages = 4}));
  Guest first{someTokens(66), {2, 0}};
  for (size_t at = 0; at < 64; at += 8) {
    exec::Piece piece = first.piece(8);
    ASSERT_TRUE(engine.pass({&piece, 1}, nullptr));
  }
  Guest second{first.tokens, {2, 3}, 64};
  second.tokens[64] = 7;
  exec::Piece pieces[] = {first.piece(2), second.piece(2)};
  ASSERT_TRUE(engine.pass(pieces, nullptr));
  for (size_t i = 0; i < 2; ++i) {
    std::span<float> row = engine.wantedRow(i);
    EXPECT_EQ(std::vector<float>(row.begin(), row.end()),
              lastLogits(toy, i ? second.tokens : first.tokens));
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
