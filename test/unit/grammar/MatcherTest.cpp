//===- MatcherTest.cpp - Tokens that may come next ------------------------===//

#include "test/unit/grammar/Language.h"

#include <random>

using namespace tritc;
using namespace tritc::test;

/// The mask as it is defined: each token is tried.
static std::vector<uint64_t> triedMask(Language &language,
                                       const std::string &said) {
  std::vector<uint64_t> bits(language.words.words());
  for (size_t id = 0; id < language.words.size(); ++id) {
    grammar::Matcher matcher(language.automaton);
    EXPECT_TRUE(matcher.acceptText(said));
    if (matcher.accept(static_cast<int32_t>(id)))
      bits[id / 64] |= uint64_t{1} << (id % 64);
  }
  return bits;
}

static constexpr const char *grammars[] = {
    "root ::= [a-z]{0,9} \"!\"",
    "root ::= \"a\"{600,700}",
    "root ::= (\"th\" | \"the\" | [a-z ]{3,5000})* \"\xc3\xa9\"?",
    "root ::= \"(\" root \")\" | [a-z]*",
    "root ::= .*",
};

TEST(Matcher, AllowsTheTokensThatItAccepts) {
  std::mt19937 random(1);
  for (const char *text : grammars) {
    Language language(gbnf(text));
    for (int round = 0; round < 5; ++round) {
      grammar::Matcher matcher(language.automaton);
      std::string said;
      for (int step = 0; step < 12 && !matcher.hasEnded(); ++step) {
        std::vector<uint64_t> bits(language.words.words());
        ASSERT_TRUE(matcher.allowed(bits));
        ASSERT_EQ(bits, triedMask(language, said)) << text << ": " << said;
        std::vector<int32_t> ids;
        for (size_t id = 0; id < language.words.size(); ++id)
          if (bits[id / 64] >> (id % 64) & 1)
            ids.push_back(static_cast<int32_t>(id));
        int32_t id = ids[random() % ids.size()];
        ASSERT_TRUE(matcher.accept(id));
        said += language.words.bytesOf(id);
      }
    }
  }
}

TEST(Matcher, AllowsStopTokensWhereTheTextMayEnd) {
  Language language(gbnf("root ::= \"a\"+"));
  grammar::Matcher matcher(language.automaton);
  int32_t stop = language.model.tokens().end;
  EXPECT_FALSE(matcher.mayEnd());
  EXPECT_FALSE(matcher.accept(stop));
  EXPECT_TRUE(matcher.accept('a'));
  EXPECT_TRUE(matcher.mayEnd());
  EXPECT_TRUE(matcher.accept(stop));
  EXPECT_TRUE(matcher.hasEnded());
  EXPECT_FALSE(matcher.accept('a'));
  std::vector<uint64_t> bits(language.words.words());
  EXPECT_FALSE(matcher.allowed(bits));
  matcher.restart();
  EXPECT_TRUE(matcher.accept('a'));
}

TEST(Matcher, NeverAllowsSpecialTokens) {
  Language language(gbnf("root ::= .*"));
  grammar::Matcher matcher(language.automaton);
  EXPECT_FALSE(matcher.accept(language.model.tokens().user));
  EXPECT_FALSE(matcher.accept(-1));
  EXPECT_FALSE(matcher.accept(1 << 20));
}

TEST(Matcher, TakesTokensThatEndWithinACharacter) {
  Language language(gbnf("root ::= \"\xc3\xa9\""));
  grammar::Matcher matcher(language.automaton);
  EXPECT_FALSE(matcher.accept(0xa9));
  EXPECT_TRUE(matcher.accept(0xc3));
  EXPECT_FALSE(matcher.mayEnd());
  EXPECT_TRUE(matcher.accept(0xa9));
  EXPECT_TRUE(matcher.mayEnd());
}

TEST(Matcher, StaysWhereItIsWhenATokenIsRefused) {
  Language language(gbnf("root ::= \"abc\""));
  grammar::Matcher matcher(language.automaton);
  EXPECT_FALSE(matcher.acceptText("abd"));
  EXPECT_TRUE(matcher.acceptText("abc"));
}

TEST(Matcher, SaysWhenNothingIsAllowed) {
  Language language(gbnf("root ::= \"a\" | \"b\""));
  grammar::Vocabulary words(language.tokenizer, 'a', {&language.stop, 1});
  grammar::Automaton automaton(language.rules, words);
  grammar::Matcher matcher(automaton);
  std::vector<uint64_t> bits(words.words());
  EXPECT_FALSE(matcher.allowed(bits));
}

/// Masks of the same walk, with so little memory that states are forgotten
/// again and again.
TEST(Automaton, AnswersTheSameWithLittleMemory) {
  for (const char *text : grammars) {
    Language roomy(gbnf(text));
    Language cramped(gbnf(text), /*stateBytes=*/300);
    grammar::Matcher first(roomy.automaton), second(cramped.automaton);
    std::mt19937 random(2);
    for (int step = 0; step < 30 && !first.hasEnded(); ++step) {
      std::vector<uint64_t> bits(roomy.words.words()), others(bits);
      ASSERT_TRUE(first.allowed(bits));
      ASSERT_TRUE(second.allowed(others));
      ASSERT_EQ(bits, others);
      int32_t id;
      do
        id = static_cast<int32_t>(random() % roomy.words.size());
      while (!(bits[static_cast<size_t>(id) / 64] >> (id % 64) & 1));
      ASSERT_TRUE(first.accept(id));
      ASSERT_TRUE(second.accept(id));
    }
    EXPECT_EQ(roomy.automaton.forgotten(), 0u);
    EXPECT_GT(cramped.automaton.forgotten(), 0u);
  }
}

/// What may open in two ways has 2^n readings after n of them.
TEST(Automaton, FollowsABoundedNumberOfReadings) {
  Language language(
      gbnf("root ::= \"a\" root \"x\" | \"a\" root \"y\" | \"b\""));
  grammar::Matcher matcher(language.automaton);
  ASSERT_TRUE(matcher.acceptText(std::string(200, 'a') + "b"));
  for (int i = 0; i < 200; ++i) {
    ASSERT_FALSE(matcher.mayEnd());
    ASSERT_TRUE(matcher.acceptText("x") || matcher.acceptText("y")) << i;
  }
  EXPECT_TRUE(matcher.mayEnd());
}
