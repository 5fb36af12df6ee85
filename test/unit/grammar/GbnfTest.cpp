//===- GbnfTest.cpp - Texts that a grammar has, and has not ---------------===//

#include "test/unit/grammar/Language.h"

using namespace tritc;
using namespace tritc::test;

namespace {
struct Case {
  const char *name;
  const char *grammar;
  std::vector<std::string> in, out;
};
} // namespace

class GbnfTexts : public testing::TestWithParam<Case> {};

TEST_P(GbnfTexts, AreThoseOfTheGrammar) {
  Language language(gbnf(GetParam().grammar));
  for (const std::string &text : GetParam().in)
    EXPECT_TRUE(language.has(text)) << text;
  for (const std::string &text : GetParam().out)
    EXPECT_FALSE(language.has(text)) << text;
}

static const Case cases[] = {
    {"literal",
     R"(root ::= "ab\n\"\\\x41\u00e9\U0001F600")",
     {"ab\n\"\\A\xc3\xa9\xf0\x9f\x98\x80"},
     {"", "ab", "ab\n\"\\A\xc3\xa9\xf0\x9f\x98\x81"}},
    {"alternatives", "root ::= \"a\" | \"bc\" |", {"", "a", "bc"}, {"b", "ac"}},
    {"group",
     "root ::= (\"a\" | \"b\") \"c\"",
     {"ac", "bc"},
     {"a", "c", "abc"}},
    {"group_over_lines",
     "root ::= (\n \"a\" # first\n | \"b\"\n) \"c\"\n",
     {"ac", "bc"},
     {"a"}},
    {"option", "root ::= \"a\"? \"b\"", {"ab", "b"}, {"a", "aab"}},
    {"star", "root ::= \"ab\"* \"c\"", {"c", "abc", "ababc"}, {"ac", "ab"}},
    {"plus", "root ::= \"ab\"+", {"ab", "abab"}, {"", "a", "aba"}},
    {"exact_count", "root ::= [a-z]{3}", {"abc"}, {"ab", "abcd"}},
    {"least_count", "root ::= \"a\"{2,}", {"aa", "aaaaaa"}, {"", "a"}},
    {"counts",
     "root ::= \"a\"{1,3} \"b\"",
     {"ab", "aab", "aaab"},
     {"b", "aaaab"}},
    {"count_of_none", "root ::= \"a\"{0,0} \"b\"", {"b"}, {"ab"}},
    {"counts_of_counts",
     "root ::= (\"a\"{2} \"b\"){2,3}",
     {"aabaab", "aabaabaab"},
     {"aab", "aabab", "aabaabaabaab"}},
    {"count_of_what_may_be_empty",
     "root ::= (\"a\"?){2,3} \"b\"",
     {"b", "ab", "aaab"},
     {"aaaab"}},
    {"endless_count_of_what_may_be_empty",
     "root ::= (\"a\"*){2,} \"b\"",
     {"b", "aaaaaaab"},
     {"a"}},
    {"loop_of_what_may_be_empty",
     "root ::= (\"a\"* \"b\"?)* \"c\"",
     {"c", "abac", "bbc"},
     {"a"}},
    {"class",
     "root ::= [a-c_\\]\\x41-\\x43-]",
     {"a", "_", "]", "B", "-"},
     {"d", "D", ""}},
    {"negated_class",
     "root ::= [^a-c\\n]",
     {"d", "\xc3\xa9", "]"},
     {"a", "\n", "\xc3", "\xed\xa0\x80"}},
    {"class_of_long_characters",
     "root ::= [\xc3\xa0-\xe2\x82\xac]",
     {"\xc3\xa0", "\xdf\xbf", "\xe0\xa0\x80", "\xe2\x82\xac"},
     {"\xc3\x9f", "\xe2\x82\xad", "a"}},
    {"any_character",
     "root ::= .",
     {"a", "\n", "\xf4\x8f\xbf\xbf"},
     {"", "\xff", "\xf4\x90\x80\x80", "\xc0\x80", "ab"}},
    {"rules",
     "root ::= one two\none ::= \"1\"\ntwo ::= one one\n",
     {"111"},
     {"11"}},
    {"recursion",
     "root ::= \"(\" root \")\" | \"x\"",
     {"x", "((x))"},
     {"((x)", "()"}},
    {"list_at_its_end",
     "root ::= \"a\" root | \"b\"",
     {"b", std::string(5000, 'a') + "b"},
     {"a"}},
    {"ambiguous",
     "root ::= \"a\" root \"a\" | \"a\" root | \"a\"",
     {"a", "aa", "aaaaaaaaaaaaaaaaaaaa"},
     {"", "b"}},
    {"comments", "# first\nroot ::= \"a\" # second\n# third", {"a"}, {"#"}},
};
INSTANTIATE_TEST_SUITE_P(All, GbnfTexts, testing::ValuesIn(cases),
                         [](const auto &info) { return info.param.name; });

TEST(Gbnf, ReadsTheGrammarOfJson) {
  Language language(gbnf(R"GBNF(
root   ::= object
value  ::= object | array | string | number | ("true" | "false" | "null") ws

object ::=
  "{" ws (
            string ":" ws value
    ("," ws string ":" ws value)*
  )? "}" ws

array  ::=
  "[" ws (
            value
    ("," ws value)*
  )? "]" ws

string ::=
  "\"" (
    [^"\\\x7F\x00-\x1F] |
    "\\" (["\\bfnrt] | "u" [0-9a-fA-F]{4}) # escapes
  )* "\"" ws

number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws

# Optional space: by convention, applied in this grammar after literal chars when allowed
ws ::= | " " | "\n" [ \t]{0,20}
)GBNF"));
  EXPECT_TRUE(language.has(R"({"a": [1, -2.5e3, {"b\u00e9": null}], "c":""})"));
  EXPECT_FALSE(language.has(R"({"a": 01})"));
  EXPECT_FALSE(language.has(R"([1])"));
}

TEST(Gbnf, NotesARuleThatIsNotUsed) {
  EXPECT_STREQ(gbnf("root ::= \"a\"\n\nspare ::= \"b\"").note(),
               "line 3: rule 'spare' is not used");
  EXPECT_STREQ(gbnf("root ::= \"a\" spare\nspare ::= \"b\"").note(), "");
}

TEST(Gbnf, NamesWhatIsWrong) {
  EXPECT_EQ(gbnfFailure(""),
            "3: expected a rule 'root', where an answer begins");
  EXPECT_EQ(gbnfFailure("root ::= \"a\n"),
            "3: line 1: expected \" at the end of the text that begins here");
  EXPECT_EQ(gbnfFailure("a ::= \"a\"\n"),
            "3: expected a rule 'root', where an answer begins");
  EXPECT_EQ(gbnfFailure("root ::= \"a\"\nroot ::= \"b\""),
            "3: line 2: rule 'root' is defined again, first in line 1");
  EXPECT_EQ(gbnfFailure("root ::= \"a\"\n  missing | \"b\""),
            "3: line 2: expected ::=, found '|'");
  EXPECT_EQ(gbnfFailure("root ::= (\"a\"\n missing)"),
            "3: line 2: rule 'missing' is not defined");
  EXPECT_EQ(gbnfFailure("root ::= \"a\" | (\n\"b\""),
            "3: line 1: expected ) for the ( here");
  EXPECT_EQ(gbnfFailure("root ::= \"a\")"),
            "3: line 1: expected a part of a rule, found ')'");
  EXPECT_EQ(gbnfFailure("root ::= [b-a]"),
            "3: line 1: expected a range that goes upwards in a class");
  EXPECT_EQ(gbnfFailure("root ::= [ab"),
            "3: line 1: expected ] at the end of a class, found the end");
  EXPECT_EQ(gbnfFailure("root ::= \"\\q\""),
            "3: line 1: expected one of t r n x u U \\ \" [ ] behind \\, found "
            "'q'");
  EXPECT_EQ(gbnfFailure("root ::= \"\\ud800\""),
            "3: line 1: expected a character, found \\U0000D800");
  EXPECT_EQ(gbnfFailure("root ::= \"\xff\""), "3: line 1: expected UTF-8");
  EXPECT_EQ(gbnfFailure("root ::= * \"a\""),
            "3: line 1: expected something in front of '*'");
  EXPECT_EQ(gbnfFailure("root ::= \"a\"{3,2}"),
            "3: line 1: expected {least,most}, found {3,2}");
  EXPECT_EQ(gbnfFailure("root ::= \"a\"{3000000000}"),
            "3: line 1: expected at most 2147483647 repetitions");
  EXPECT_EQ(gbnfFailure("root ::= <[12]>"),
            "3: line 1: tokens in a grammar (<) are not supported");
}

TEST(Gbnf, RefusesLeftRecursion) {
  EXPECT_EQ(gbnfFailure("root ::= root \"a\" | \"b\""),
            "3: line 1: rule 'root' begins with itself");
  EXPECT_EQ(gbnfFailure("root ::= a\na ::= \"x\"? b\nb ::= (\"y\"*) a \"z\""),
            "3: line 2: rule 'a' begins with itself");
}

TEST(Gbnf, RefusesWhatNeverEnds) {
  EXPECT_EQ(gbnfFailure("root ::= \"a\" root"),
            "1: the grammar has no text of an end");
}

TEST(Gbnf, RefusesWhatIsTooLarge) {
  EXPECT_EQ(gbnfFailure("root ::= (\"a\"?){1001}"),
            "1: rule 'root': a part that may be empty is repeated up to 1001 "
            "times, expected at most 1000");
  std::string large = "root ::= \"";
  large += std::string(600000, 'a') + "\"";
  EXPECT_EQ(gbnfFailure(large),
            "1: the grammar is too large: expected at most 65536 rules, 524288 "
            "states and 2097152 steps, found more states");
}

TEST(Gbnf, NestsWithoutEndInTheGrammarAndToALimitInATextThatCanBeFinished) {
  std::string deep(100000, '(');
  deep = "root ::= " + deep + "\"a\"" + std::string(100000, ')');
  EXPECT_TRUE(Language(gbnf(deep)).has("a"));

  Language language(gbnf("root ::= \"(\" root \")\" | \"x\""));
  size_t depth = grammar::Grammar::mostDepth;
  EXPECT_TRUE(language.begins(std::string(depth, '(') + "x"));
  EXPECT_FALSE(language.begins(std::string(depth + 1, '(')));
}
