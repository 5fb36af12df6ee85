//===- PageCacheTest.cpp --------------------------------------------------===//

#include "runtime/exec/PageCache.h"

#include "gtest/gtest.h"

#include <map>
#include <random>
#include <vector>

using namespace tritc;
using exec::HeldPages;
using exec::PageCache;

static std::vector<int32_t> numbers(size_t count, int32_t first = 0) {
  std::vector<int32_t> ids;
  for (size_t i = 0; i < count; ++i)
    ids.push_back(first + static_cast<int32_t>(i));
  return ids;
}

/// Computes the tokens from what `held` has to the end of `ids`.
static bool compute(PageCache &cache, HeldPages &held,
                    const std::vector<int32_t> &ids) {
  std::span<const int32_t> rest = std::span(ids).subspan(held.tokens());
  if (!cache.grow(held, rest.size()))
    return false;
  cache.commit(held, rest);
  return true;
}

static std::vector<int32_t> pagesOf(const HeldPages &held) {
  return {held.numbers().begin(), held.numbers().end()};
}

TEST(PageCache, GivesEachSequencePagesOfItsOwn) {
  PageCache cache(4);
  HeldPages a, b;
  EXPECT_TRUE(compute(cache, a, numbers(65)));
  EXPECT_TRUE(compute(cache, b, numbers(100, 1000)));
  EXPECT_EQ(a.numbers().size(), 2u);
  EXPECT_EQ(b.numbers().size(), 2u);
  EXPECT_EQ(cache.heldCount(), 4u);
  std::vector<int32_t> all = pagesOf(a), others = pagesOf(b);
  all.insert(all.end(), others.begin(), others.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, numbers(4));
  cache.release(a);
  cache.release(b);
  EXPECT_EQ(cache.heldCount(), 0u);
  EXPECT_EQ(cache.usedCount(), 4u);
}

TEST(PageCache, SharesWholePagesAndCopiesTheRest) {
  PageCache cache(8);
  HeldPages a, b;
  compute(cache, a, numbers(150));
  std::vector<int32_t> ids = numbers(140);
  ids.push_back(7);
  PageCache::Copy copy = cache.adopt(b, ids, ids.size() - 1);
  EXPECT_EQ(b.tokens(), 140u);
  EXPECT_EQ(copy.from, a.numbers()[2]);
  EXPECT_EQ(copy.to, b.numbers()[2]);
  EXPECT_NE(copy.from, copy.to);
  EXPECT_EQ(b.numbers()[0], a.numbers()[0]);
  EXPECT_EQ(b.numbers()[1], a.numbers()[1]);
  EXPECT_EQ(cache.heldCount(), 4u);
}

TEST(PageCache, AdoptsNoMoreThanItMay) {
  PageCache cache(8);
  HeldPages a, b, c;
  compute(cache, a, numbers(128));
  PageCache::Copy copy = cache.adopt(b, numbers(128), 127);
  EXPECT_EQ(b.tokens(), 127u);
  EXPECT_EQ(copy.from, a.numbers()[1]);
  copy = cache.adopt(c, numbers(128), 64);
  EXPECT_EQ(c.tokens(), 64u);
  EXPECT_LT(copy.from, 0);
}

TEST(PageCache, FindsNothingOfAnotherBeginning) {
  PageCache cache(8);
  HeldPages a, b;
  compute(cache, a, numbers(128));
  // The second page's tokens are the same, those before it are not.
  std::vector<int32_t> ids = numbers(128);
  ids[0] = 999;
  PageCache::Copy copy = cache.adopt(b, ids, 127);
  EXPECT_EQ(b.tokens(), 0u);
  EXPECT_LT(copy.from, 0);
}

TEST(PageCache, KeepsWhatWasReleasedUntilItsPlaceIsNeeded) {
  PageCache cache(3);
  HeldPages a, b, c;
  compute(cache, a, numbers(64));
  cache.release(a);
  compute(cache, b, numbers(64, 500));
  cache.release(b);
  // The older one goes when two pages are wanted and one is free.
  compute(cache, c, numbers(128, 2000));
  HeldPages again;
  cache.adopt(again, numbers(64, 500), 63);
  EXPECT_EQ(again.tokens(), 0u) << "no page is left for a copy";
  cache.release(c);
  cache.adopt(again, numbers(70, 500), 69);
  EXPECT_EQ(again.tokens(), 64u);
  HeldPages gone;
  cache.adopt(gone, numbers(70), 69);
  EXPECT_EQ(gone.tokens(), 0u);
}

TEST(PageCache, RefusesWhenEveryPageIsHeld) {
  PageCache cache(2);
  HeldPages a, b;
  EXPECT_TRUE(cache.grow(a, 128));
  EXPECT_FALSE(cache.grow(b, 1));
  cache.release(a);
  EXPECT_TRUE(cache.grow(b, 1));
  EXPECT_EQ(cache.usedCount(), 1u) << "pages without tokens are of no use";
}

TEST(PageCache, NeverTakesAPageWithOthersBehindIt) {
  PageCache cache(3);
  HeldPages a, b;
  compute(cache, a, numbers(128));
  cache.release(a);
  compute(cache, b, numbers(128, 700)); // one was free, one is taken
  HeldPages again;
  cache.adopt(again, numbers(128), 127);
  EXPECT_EQ(again.tokens(), 64u) << "the first page stays, the last one went";
}

TEST(PageCache, MakesOneOfTwoPagesThatBecameTheSame) {
  PageCache cache(4);
  HeldPages a, b;
  std::vector<int32_t> ids = numbers(64);
  // Side by side, so that neither finds the other's page while it is full.
  for (size_t at = 0; at < 64; at += 16)
    for (HeldPages *held : {&a, &b}) {
      ASSERT_TRUE(cache.grow(*held, 16));
      cache.commit(*held, std::span(ids).subspan(at, 16));
    }
  EXPECT_EQ(pagesOf(a), pagesOf(b));
  EXPECT_EQ(cache.usedCount(), 1u);
  cache.release(a);
  EXPECT_EQ(cache.heldCount(), 1u);
}

/// What a page holds must be what its sequence says, at every time, whatever
/// sequences come and go: pages here have bytes, which are the tokens and a
/// mark of all before them.
TEST(PageCache, HoldsTheRightTokensThroughThousandsOfSteps) {
  std::mt19937 random(1);
  auto below = [&](size_t limit) { return random() % limit; };
  constexpr uint32_t pageCount = 6;
  PageCache cache(pageCount);
  std::vector<std::vector<uint64_t>> bytes(pageCount,
                                           std::vector<uint64_t>(64));
  struct Sequence {
    std::vector<int32_t> ids;
    HeldPages held;
  };
  std::vector<std::unique_ptr<Sequence>> running;
  auto marksOf = [](const std::vector<int32_t> &ids) {
    std::vector<uint64_t> marks;
    uint64_t mark = 17;
    for (int32_t id : ids)
      marks.push_back(mark = mark * 6364136223846793005u + uint64_t(id) + 1);
    return marks;
  };
  size_t reused = 0, refused = 0, computed = 0;
  for (int step = 0; step < 20000; ++step) {
    if (running.size() < 4 && below(3) == 0) {
      auto fresh = std::make_unique<Sequence>();
      // Few beginnings, so that many are shared.
      size_t length = 1 + below(200);
      int32_t kind = int32_t(below(3));
      for (size_t i = 0; i < length; ++i)
        fresh->ids.push_back(kind + int32_t(i / 50 * below(2)));
      running.push_back(std::move(fresh));
    }
    if (running.empty())
      continue;
    size_t which = below(running.size());
    Sequence &sequence = *running[which];
    if (sequence.held.tokens() % 64 == 0) {
      size_t before = sequence.held.tokens();
      PageCache::Copy copy =
          cache.adopt(sequence.held, sequence.ids, sequence.ids.size() - 1);
      if (copy.to >= 0)
        bytes[size_t(copy.to)] = bytes[size_t(copy.from)];
      reused += sequence.held.tokens() - before;
    }
    size_t left = sequence.ids.size() - sequence.held.tokens();
    size_t count = std::min<size_t>(left, 1 + below(70));
    std::vector<uint64_t> marks = marksOf(sequence.ids);
    size_t first = sequence.held.tokens();
    if (cache.grow(sequence.held, count)) {
      for (size_t i = first; i < first + count; ++i)
        bytes[size_t(sequence.held.numbers()[i / 64])][i % 64] = marks[i];
      cache.commit(sequence.held,
                   std::span(sequence.ids).subspan(first, count));
      computed += count;
    } else {
      ++refused;
    }
    for (size_t i = 0; i < sequence.held.tokens(); ++i)
      ASSERT_EQ(bytes[size_t(sequence.held.numbers()[i / 64])][i % 64],
                marks[i])
          << "step " << step << ", token " << i;
    if (sequence.held.tokens() == sequence.ids.size() || below(10) == 0) {
      cache.release(sequence.held);
      running.erase(running.begin() + long(which));
    }
    ASSERT_LE(cache.heldCount(), cache.usedCount());
    ASSERT_LE(cache.usedCount(), pageCount);
  }
  EXPECT_GT(reused, 10000u);
  EXPECT_GT(refused, 0u);
  EXPECT_GT(computed, 10000u);
  for (auto &sequence : running)
    cache.release(sequence->held);
  EXPECT_EQ(cache.heldCount(), 0u);
}
