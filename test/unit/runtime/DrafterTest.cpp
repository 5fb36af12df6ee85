//===- DrafterTest.cpp - Guesses are made where they pay ------------------===//

#include "runtime/exec/Drafter.h"

#include "gtest/gtest.h"

#include <vector>

using namespace tritc;
using exec::Drafter;

namespace {

constexpr double single = 10e-3; ///< seconds of a pass of one token

size_t guesses(const Drafter &drafter, size_t room = Drafter::most) {
  std::vector<int32_t> into(room);
  return drafter.guess(into);
}

/// After `count` tokens that repeat every `period`, and passes of one token.
void repeat(Drafter &drafter, size_t count, int32_t period) {
  for (size_t i = 0; i < count; ++i) {
    drafter.append(int32_t(i) % period);
    drafter.passed(1, single);
  }
}

TEST(Drafter, GuessesWhatRepeatsOnceItWasSeenTo) {
  Drafter drafter;
  drafter.start(200, 0, Drafter::most);
  repeat(drafter, 5, 5);
  EXPECT_EQ(guesses(drafter), 0u);
  repeat(drafter, 100, 5);
  int32_t next[3] = {};
  ASSERT_EQ(drafter.guess(next), 3u);
  EXPECT_EQ(next[0], 0);
  EXPECT_EQ(next[1], 1);
  EXPECT_EQ(next[2], 2);
  EXPECT_EQ(guesses(drafter), Drafter::most);
}

TEST(Drafter, GuessesNothingWhereTextGoesOnOtherwise) {
  Drafter drafter;
  drafter.start(600, 0, Drafter::most);
  // 1 2 is followed by something else each time.
  for (int32_t i = 0; i < 150; ++i)
    for (int32_t token : {1, 2, 100 + i}) {
      drafter.append(token);
      drafter.passed(1, single);
      EXPECT_EQ(guesses(drafter), 0u) << i;
    }
}

TEST(Drafter, GuessesNothingWherePassesOfSeveralTokensCostAsMuchAsTheirTokens) {
  Drafter drafter;
  drafter.start(600, 0, Drafter::most);
  repeat(drafter, 100, 5);
  for (size_t tokens : {2, 4, 8})
    drafter.passed(tokens, single * double(tokens));
  EXPECT_EQ(guesses(drafter), 0u);
  // That was long ago.
  repeat(drafter, 400, 5);
  EXPECT_GT(guesses(drafter), 0u);
}

TEST(Drafter, TakesTheSizeThatPaysMost) {
  Drafter drafter;
  drafter.start(200, 0, Drafter::most);
  repeat(drafter, 100, 5);
  drafter.passed(2, single * 1.3);
  drafter.passed(4, single * 1.5);
  drafter.passed(8, single * 6);
  EXPECT_EQ(guesses(drafter), 3u);
}

TEST(Drafter, KeepsWithinWhatItIsTold) {
  Drafter none;
  none.start(100, 7, 0);
  repeat(none, 50, 5);
  EXPECT_EQ(guesses(none), 0u);

  Drafter eager;
  eager.start(100, 4, 4);
  repeat(eager, 7, 5);
  EXPECT_EQ(guesses(eager), 4u);
  EXPECT_EQ(guesses(eager, 2), 2u);
  EXPECT_EQ(guesses(eager, 0), 0u);
}

TEST(Drafter, FollowsWhatTheSequenceBecame) {
  Drafter drafter;
  drafter.start(100, 1, 1);
  drafter.follow(std::vector<int32_t>{1, 2, 3, 4, 1, 2});
  drafter.follow(std::vector<int32_t>{1, 2, 3, 4, 9, 1});
  drafter.append(2);
  int32_t next = 0;
  ASSERT_EQ(drafter.guess({&next, 1}), 1u);
  EXPECT_EQ(next, 3);
}

} // namespace
