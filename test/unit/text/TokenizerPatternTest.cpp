//===- TokenizerPatternTest.cpp - Expressions that are no runs ------------===//
//
// What expressions match is compared with ICU in PreTokenizerTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/tokenizer/TokenizerPattern.h"
#include "compiler/import/tokenizer/TokenizerPatternRules.h"
#include "compiler/support/Error.h"

#include <gtest/gtest.h>

using namespace tritc;

/// The part of `regex` that is refused; "" if none is.
static std::string refused(llvm::StringRef regex) {
  auto pattern = import::parsePattern(regex, "where");
  if (pattern)
    return "";
  Failure failure = toFailure(pattern.takeError());
  EXPECT_EQ(failure.code, ExitCode::Unreadable);
  llvm::StringRef line = failure.message;
  EXPECT_EQ(line.find('\n'), llvm::StringRef::npos);
  EXPECT_TRUE(line.consume_front("where: not supported, expected alternatives "
                                 "of runs of characters, found "));
  return line.substr(0, line.find(" in the expression ")).str();
}

TEST(TokenizerPattern, NamesWhatIsNotSupported) {
  EXPECT_EQ(refused("\\bword"), "\\\\b");
  EXPECT_EQ(refused("\\w"), "\\\\w");
  EXPECT_EQ(refused("\\p{Han}+"), "\\\\p{Han}");
  EXPECT_EQ(refused("^a"), "^");
  EXPECT_EQ(refused("a$"), "");
  EXPECT_EQ(refused("a+?"), "a quantifier with ? behind it");
  EXPECT_EQ(refused("a{2}+"), "a quantifier with + behind it");
  EXPECT_EQ(refused("a+++"), "a quantifier with + behind it");
  EXPECT_EQ(refused("(?:ab)+"), "a group that repeats");
  EXPECT_EQ(refused("(?<=a)b"), "a group of the kind (?<");
  EXPECT_EQ(refused("(?!ab)c"), "a look ahead at other than one character");
  EXPECT_EQ(refused("[[:alpha:]]"), "a class in a class");
  EXPECT_EQ(refused("[a&&b]"), "a class in a class");
}

TEST(TokenizerPattern, RefusesWhatMatchesNothing) {
  EXPECT_EQ(refused("a|"), "an alternative that matches nothing");
  EXPECT_EQ(refused("a*"), "an alternative that matches nothing");
  EXPECT_EQ(refused("(?!a)"), "an alternative that matches nothing");
}

TEST(TokenizerPattern, RefusesBrokenExpressions) {
  EXPECT_EQ(refused("a)"), "an unmatched )");
  EXPECT_EQ(refused("(a"), "a group without its )");
  EXPECT_EQ(refused("[a"), "a class without its ]");
  EXPECT_EQ(refused("\\p{L"), "\\\\p without its }");
  EXPECT_EQ(refused("[b-a]"), "a range between other than two characters");
  EXPECT_EQ(refused("a{2,1}"), "{2 without a count of that form");
  EXPECT_EQ(refused("\\"), "\\\\");
  EXPECT_EQ(refused("\\u12"), "\\\\u without four hexadecimal digits");
  EXPECT_EQ(refused(std::string(100, '(')), "groups in more than 8 groups");
}

/// An engine tries all choices before it makes a run shorter; a list of
/// alternatives would try them the other way round.
TEST(TokenizerPattern, KeepsChoicesBehindRunsThatOverlapThem) {
  auto shape = [](llvm::StringRef regex) {
    import::SplitPattern pattern =
        llvm::cantFail(import::parsePattern(regex, "where"));
    std::vector<size_t> choices;
    for (const import::PatternAlternative &alternative : pattern.alternatives)
      choices.push_back(alternative.choices.size());
    return choices;
  };
  EXPECT_EQ(shape("a+(?:ab|b)"), (std::vector<size_t>{2}));
  EXPECT_EQ(shape("[ab]*c(?:d|c)"), (std::vector<size_t>{0, 0}));
  EXPECT_EQ(shape("[ab]*[bc](?:a|c)?d|e"), (std::vector<size_t>{3, 0}));
}

/// All that a match gives back would be taken and given back once more.
TEST(TokenizerPattern, RefusesMoreThanLinearTime) {
  const std::string twice = "a run that gives back to another that gives back";
  EXPECT_EQ(refused("a*a*b"), twice);
  EXPECT_EQ(refused("[ab]+b+(?=c)"), twice);
  EXPECT_EQ(refused("a*c?[ab]+(?:c|d)"), twice);
  EXPECT_EQ(refused("a*(?:b+|a+c)"), twice);
  EXPECT_EQ(refused("a*b+c"), "");
  EXPECT_EQ(refused("a*ba*c"), "");
  EXPECT_EQ(refused("[ab]*b+(?:c|d)?"), "");
}

/// Runs here give back what the rest needs. Published expressions have
/// possessive ones only where the rest needs nothing of them.
TEST(TokenizerPattern, TakesPossessiveRunsThatNeedNotGiveBack) {
  const std::string kept = "a possessive run of what stands behind it";
  EXPECT_EQ(refused("[^\\r\\n\\p{L}]?+\\p{L}+| ?[^\\s\\p{L}]++[\\r\\n]*"), "");
  EXPECT_EQ(refused("a++"), "");
  EXPECT_EQ(refused("a++a?"), "");
  EXPECT_EQ(refused("a*+b(?!c)"), "");
  EXPECT_EQ(refused("a++(?:b|c)"), "");
  EXPECT_EQ(refused("a++a"), kept);
  EXPECT_EQ(refused("a?+b?ac"), kept);
  EXPECT_EQ(refused("a++(?!b)"), kept);
  EXPECT_EQ(refused("a*+(?:b|a)"), kept);
}

TEST(TokenizerPattern, SaysWhatIsSurelyMatched) {
  auto sure = [](llvm::StringRef regex) {
    return import::surelyMatched(
               llvm::cantFail(import::parsePattern(regex, "where")))
        .ranges();
  };
  using Ranges = std::vector<import::CodePointSet::Range>;
  EXPECT_EQ(sure("a|b+c?|x?y*d"), (Ranges{{'a', 'b'}, {'d', 'd'}}));
  EXPECT_EQ(sure("ab|c{2}|d(?!e)"), Ranges{});
  EXPECT_EQ(sure("[ab]*a(?:b|c)?|d(?:e|f)"), (Ranges{{'a', 'a'}}));
  EXPECT_EQ(sure("[a-z]+|[^a-z]"), (Ranges{{0, 0x10ffff}}));
}

/// "ss" is also U+00DF there, one character for two.
TEST(TokenizerPattern, RefusesLettersThatFoldTogether) {
  EXPECT_EQ(refused("(?i:ss)"), "ss where case does not matter");
  EXPECT_EQ(refused("(?i:fl)"), "fl where case does not matter");
  EXPECT_EQ(refused("(?i:\u00e9)"), "\\C3\\A9 where case does not matter");
}

TEST(TokenizerPattern, BoundsWhatItMakes) {
  EXPECT_EQ(refused("(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)"),
            "more than 64 alternatives");
  EXPECT_EQ(refused("abcdefghijklmnopq"), "more than 16 runs in a row");
}
