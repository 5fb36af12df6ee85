//===- TokenizerPatternTest.cpp - Expressions that are no runs ------------===//
//
// What expressions match is compared with ICU in PreTokenizerTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/TokenizerPattern.h"
#include "compiler/import/Error.h"

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
  EXPECT_EQ(refused("a$"), "$");
  EXPECT_EQ(refused("a+?"), "a quantifier with ? behind it");
  EXPECT_EQ(refused("a++"), "a quantifier with + behind it");
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
TEST(TokenizerPattern, RefusesChoicesBehindRunsThatOverlapThem) {
  EXPECT_EQ(refused("a+(?:ab|b)"),
            "a choice behind a run that could be shorter");
  EXPECT_EQ(refused("[ab]*c(?:d|c)"), "");
  EXPECT_EQ(refused("[ab]*[bc](?:a|c)"),
            "a choice behind a run that could be shorter");
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
