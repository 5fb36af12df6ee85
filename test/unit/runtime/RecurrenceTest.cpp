//===- RecurrenceTest.cpp - Guesses are what followed earlier -------------===//

#include "runtime/exec/Recurrence.h"

#include "gtest/gtest.h"

#include <random>
#include <vector>

using namespace tritc;
using exec::Recurrence;

namespace {

using Tokens = std::vector<int32_t>;

/// Looks everywhere.
Tokens plainGuess(Tokens history, size_t count) {
  size_t size = history.size();
  for (size_t length = Recurrence::longest; length >= Recurrence::shortest;
       --length)
    for (size_t end = size; end-- > length;)
      if (std::equal(history.end() - length, history.end(),
                     history.begin() + end - length)) {
        for (size_t i = 0; i < count; ++i)
          history.push_back(Tokens(history)[end + i]);
        return {history.begin() + size, history.end()};
      }
  return {};
}

Tokens guess(const Recurrence &recurrence, size_t count) {
  Tokens into(count, -1);
  into.resize(recurrence.guess(into));
  return into;
}

Recurrence of(const Tokens &tokens) {
  Recurrence recurrence;
  EXPECT_TRUE(recurrence.start(tokens.size()));
  for (int32_t token : tokens)
    recurrence.append(token);
  return recurrence;
}

TEST(Recurrence, NothingIsGuessedBehindNewTokens) {
  EXPECT_EQ(guess(of({}), 4), Tokens());
  EXPECT_EQ(guess(of({1}), 4), Tokens());
  EXPECT_EQ(guess(of({1, 2, 3, 1}), 4), Tokens());
}

TEST(Recurrence, LongestRunCountsThenItsLastOccurrence) {
  EXPECT_EQ(guess(of({1, 2, 3, 7, 9, 2, 3, 8, 1, 2, 3}), 2), Tokens({7, 9}));
  EXPECT_EQ(guess(of({2, 3, 7, 5, 2, 3, 8, 6, 2, 3}), 2), Tokens({8, 6}));
}

TEST(Recurrence, WhatEndsTooSoonRepeats) {
  EXPECT_EQ(guess(of({1, 2, 3, 1, 2}), 7), Tokens({3, 1, 2, 3, 1, 2, 3}));
  EXPECT_EQ(guess(of({5, 5, 5}), 3), Tokens({5, 5, 5}));
}

TEST(Recurrence, ForgottenTokensLeaveNoTrace) {
  Recurrence recurrence = of({1, 2, 3, 4, 1, 2, 8, 1, 2});
  EXPECT_EQ(guess(recurrence, 1), Tokens({8}));
  recurrence.truncate(6);
  EXPECT_EQ(guess(recurrence, 1), Tokens({3}));
  recurrence.truncate(4);
  EXPECT_EQ(guess(recurrence, 1), Tokens());
  recurrence.truncate(0);
  recurrence.append(1);
  recurrence.append(2);
  EXPECT_EQ(guess(recurrence, 1), Tokens());
}

TEST(Recurrence, GuessesAsAPlainSearchDoes) {
  constexpr size_t room = 240;
  std::mt19937 random(7);
  size_t guessed = 0, fresh = 0;
  for (int32_t vocabulary : {1, 2, 4, 12, 40, 1000}) {
    Recurrence recurrence;
    ASSERT_TRUE(recurrence.start(room));
    Tokens plain;
    for (int step = 0; step < 1500; ++step) {
      if (plain.size() == room || random() % 16 == 0) {
        plain.resize(plain.size() - random() % (plain.size() + 1));
        recurrence.truncate(plain.size());
      }
      // A quotation now and then, so that large vocabularies recur as well.
      size_t count = random() % 4 ? 1 : 1 + random() % 8;
      size_t from = plain.empty() ? 0 : random() % plain.size();
      for (size_t i = 0; i < count && plain.size() < room; ++i) {
        int32_t token = count > 1 && from + i < plain.size()
                            ? plain[from + i]
                            : static_cast<int32_t>(random() % vocabulary);
        plain.push_back(token);
        recurrence.append(token);
      }
      Tokens expected = plainGuess(plain, 7);
      ASSERT_EQ(guess(recurrence, 7), expected) << "step " << step;
      ++(expected.empty() ? fresh : guessed);
    }
    EXPECT_TRUE(std::equal(plain.begin(), plain.end(),
                           recurrence.tokens().begin(),
                           recurrence.tokens().end()));
  }
  EXPECT_GT(guessed, 2000u);
  EXPECT_GT(fresh, 500u);
}

} // namespace
