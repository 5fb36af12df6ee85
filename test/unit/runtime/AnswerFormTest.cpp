//===- AnswerFormTest.cpp - Answers that follow a grammar -----------------===//

#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <fstream>
#include <regex>

using namespace tritc;
using test::Result;
using test::run;
using test::ToyModel;

TEST(AnswerForm, IsThatOfAGrammar) {
  ToyModel toy;
  std::ofstream("digits.gbnf") << "root ::= [0-9]{3} \"!\"\n";
  for (const char *seed : {"1", "2", "3"}) {
    Result result = run(toy, {"-p", "hello", "-s", seed, "--temp", "2",
                              "--grammar", "digits.gbnf"});
    EXPECT_TRUE(std::regex_match(result.out, std::regex("[0-9]{3}!\n")))
        << result.out;
    EXPECT_EQ(result.err, "");
  }
}

TEST(AnswerForm, IsThatOfASchema) {
  ToyModel toy;
  std::ofstream("answer.json") << R"({"enum": ["no", "yes"]})";
  std::regex either("\"(no|yes)\"\n");
  for (std::string source : {"answer.json", R"({"enum": ["no", "yes"]})"}) {
    Result result = run(toy, {"-p", "hello", "--json-schema", source});
    EXPECT_TRUE(std::regex_match(result.out, either)) << result.out;
  }
}

TEST(AnswerForm, IsThatOfAGrammarOnTheCommandLine) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"-p", "hello", "--grammar", "root ::= \"abc\""}).out,
            "abc\n");
}

TEST(AnswerForm, LeavesTheModelItsChoiceWhereThereIsOne) {
  ToyModel toy;
  // It would say what it was told.
  EXPECT_EQ(
      run(toy, {"-p", "hello", "--temp", "0", "--grammar", "root ::= [a-z]+"})
          .out,
      "hello\n");
}

TEST(AnswerForm, HoldsForEachLineOfABatch) {
  ToyModel toy;
  Result result = run(toy, {"--batch", "-", "--grammar", "root ::= \"x\"{2}"},
                      "\"a\"\n\"b\"\n");
  EXPECT_TRUE(std::regex_search(
      result.out,
      std::regex("\\{\"text\": \"xx\".*\"stop\".*\n\\{\"text\": \"xx\"")))
      << result.out;
}

TEST(AnswerForm, MayBeCutByTheNumberOfTokens) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"-p", "hello", "-n", "2", "--grammar",
                      "root ::= \"abcdefghijklmnop\""})
                .out.size(),
            3u);
}

TEST(AnswerForm, IsRefusedInOneLine) {
  ToyModel toy;
  Result both = run(
      toy, {"-p", "a", "--grammar", "root ::= \"a\"", "--json-schema", "{}"});
  EXPECT_EQ(both.err,
            "error: --grammar: expected no --json-schema beside it\n");
  EXPECT_EQ(both.code, 1);
  Result schema = run(toy, {"-p", "a", "--json-schema", R"({"not": {}})"});
  EXPECT_EQ(schema.err,
            "error: --json-schema: #/not: this keyword is not supported\n");
  EXPECT_EQ(schema.code, 1);
  Result grammar = run(toy, {"-p", "a", "--grammar", "root ::= a"});
  EXPECT_EQ(grammar.err, "error: --grammar: line 1: rule 'a' is not defined\n");
  EXPECT_EQ(grammar.code, 3);
  EXPECT_EQ(run(toy, {"-p", "a", "--grammar", "missing.gbnf"}).code, 2);
  Result bias = run(toy, {"-p", "a", "--logit-bias", "99999+1"});
  EXPECT_EQ(bias.code, 1);
  EXPECT_EQ(bias.err.find("error: --logit-bias: token 99999: the model has"),
            0u)
      << bias.err;
}

TEST(AnswerForm, NotesARuleThatIsNotUsed) {
  ToyModel toy;
  EXPECT_EQ(
      run(toy, {"-p", "a", "--grammar", "root ::= \"a\"\nspare ::= \"b\""}).err,
      "note: --grammar: line 2: rule 'spare' is not used\n");
}

TEST(LogitBias, KeepsATokenOut) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"-p", "x", "-n", "1", "--temp", "0"}).out, "x\n");
  EXPECT_NE(run(toy, {"-p", "x", "-n", "1", "--temp", "0", "--logit-bias",
                      std::to_string('x') + "-inf"})
                .out,
            "x\n");
}
