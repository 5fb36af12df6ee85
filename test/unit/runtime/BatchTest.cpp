//===- BatchTest.cpp - Answers for other programs -------------------------===//

#include "test/unit/runtime/Process.h"

#include "llvm/Support/JSON.h"

#include "gtest/gtest.h"

#include <cmath>
#include <fstream>

using namespace tritc;
using llvm::json::Object;
using test::linesOf;
using test::Result;
using test::run;
using test::ToyModel;

/// Each line as an object; an empty one for what is none.
static std::vector<Object> objectsOf(const std::string &text) {
  std::vector<Object> objects;
  for (const std::string &line : linesOf(text)) {
    llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
    if (!value)
      llvm::consumeError(value.takeError());
    objects.push_back(value && value->getAsObject() ? *value->getAsObject()
                                                    : Object());
  }
  return objects;
}

static std::string textOf(const Object &object, llvm::StringRef key) {
  return object.getString(key).value_or("(none)").str();
}

TEST(Json, HasAnAnswerWithCountsAndTimes) {
  ToyModel toy;
  Result result = run(toy, {"--json", "-p", "ab\"c"});
  ASSERT_EQ(result.code, 0) << result.err;
  std::vector<Object> answers = objectsOf(result.out);
  ASSERT_EQ(answers.size(), 1u);
  const Object &answer = answers[0];
  EXPECT_EQ(textOf(answer, "text"), "ab\"c");
  EXPECT_EQ(textOf(answer, "finish_reason"), "stop");
  EXPECT_EQ(answer.getInteger("prompt_tokens"), 8); // 4, and 4 of the template
  EXPECT_EQ(answer.getInteger("cached_tokens"), 0);
  EXPECT_EQ(answer.getInteger("answer_tokens"), 4);
  EXPECT_GE(answer.getNumber("answer_seconds").value_or(-1), 0);
  EXPECT_GE(answer.getNumber("first_token_seconds").value_or(-1), 0);
  EXPECT_FALSE(answer.get("logprobs"));
}

TEST(Json, SaysWhyAnAnswerEnded) {
  ToyModel toy;
  auto reason = [&](const test::Arguments &more) {
    test::Arguments arguments = {"--json", "-p", "abcdef"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return textOf(objectsOf(run(toy, arguments).out)[0], "finish_reason");
  };
  EXPECT_EQ(reason({}), "stop");
  EXPECT_EQ(reason({"-r", "de"}), "stop");
  EXPECT_EQ(reason({"-n", "3"}), "length");
  EXPECT_EQ(reason({"-c", "12"}), "context");
}

TEST(Json, HasLogprobsOfTheTokens) {
  ToyModel toy;
  Result result = run(toy, {"--json", "--logprobs", "-p", "abc"});
  const Object answer = objectsOf(result.out).at(0);
  const llvm::json::Array *logprobs = answer.getArray("logprobs");
  ASSERT_TRUE(logprobs) << result.out;
  ASSERT_EQ(logprobs->size(), 3u);
  std::string text;
  for (const llvm::json::Value &value : *logprobs) {
    const Object &token = *value.getAsObject();
    text += textOf(token, "text");
    double logprob = token.getNumber("logprob").value_or(1);
    EXPECT_LE(logprob, 0);
    EXPECT_GT(logprob, -10);
  }
  EXPECT_EQ(text, "abc");
}

TEST(Json, IsForAnswersNotForATerminal) {
  ToyModel toy;
  test::Terminal terminal(toy, {"--json"});
  terminal.expect("error: --json: expected a prompt");
  EXPECT_EQ(terminal.code(), 1);
}

TEST(Batch, AnswersEachLineInOrder) {
  ToyModel toy;
  Result result = run(toy, {"--batch", "-", "-sys", "S:"},
                      "\"one\"\n"
                      "{\"id\": 7, \"prompt\": \"two\", \"system\": \"T:\"}\n"
                      "\n"
                      "{\"messages\": [{\"role\": \"user\", \"content\": "
                      "\"three\"}], \"id\": \"x\"}\n"
                      "{\"prompt\": \"four\", \"max_tokens\": 4}");
  EXPECT_EQ(result.code, 0) << result.err;
  std::vector<Object> answers = objectsOf(result.out);
  ASSERT_EQ(answers.size(), 4u) << result.out;
  EXPECT_EQ(textOf(answers[0], "text"), "S:one");
  EXPECT_EQ(textOf(answers[1], "text"), "T:two");
  EXPECT_EQ(answers[1].getInteger("id"), 7);
  EXPECT_EQ(textOf(answers[2], "text"), "S:three");
  EXPECT_EQ(textOf(answers[2], "id"), "x");
  EXPECT_EQ(textOf(answers[3], "text"), "S:fo");
  EXPECT_EQ(textOf(answers[3], "finish_reason"), "length");
}

TEST(Batch, PutsSettingsOfALineBackBehindIt) {
  ToyModel toy;
  std::vector<Object> answers =
      objectsOf(run(toy, {"--batch", "-"},
                    "{\"prompt\": \"abcd\", \"max_tokens\": 1}\n\"abcd\"\n")
                    .out);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(textOf(answers[0], "text"), "a");
  EXPECT_EQ(textOf(answers[1], "text"), "abcd");
}

TEST(Batch, UsesWhatTheLineBeforeComputed) {
  ToyModel toy;
  std::vector<Object> answers =
      objectsOf(run(toy, {"--batch", "-"}, "\"abcd\"\n\"abcx\"\n").out);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].getInteger("cached_tokens"), 5); // begin, user, a, b, c
  EXPECT_EQ(textOf(answers[1], "text"), "abcx");
}

TEST(Batch, SaysWhyALineHasNoAnswerAndGoesOn) {
  ToyModel toy;
  const char *bad[] = {
      "{\"prompt\": \"a\"",
      "[1]",
      "{}",
      "{\"prompt\": 1}",
      "{\"prompt\": \"a\", \"colour\": 1}",
      "{\"prompt\": \"a\", \"max_tokens\": \"two\"}",
      "{\"prompt\": \"a\", \"messages\": []}",
      "{\"messages\": [{\"role\": \"tool\", \"content\": \"\"}]}",
      "\"a\" \"b\"",
  };
  for (std::string line : bad) {
    Result result = run(toy, {"--batch", "-"}, "\"x\"\n" + line + "\n\"y\"\n");
    EXPECT_EQ(result.code, 3) << line;
    std::vector<Object> answers = objectsOf(result.out);
    ASSERT_EQ(answers.size(), 3u) << line;
    EXPECT_EQ(textOf(answers[0], "text"), "x");
    EXPECT_FALSE(answers[1].get("text")) << line;
    EXPECT_NE(textOf(answers[1], "error"), "(none)") << line;
    EXPECT_EQ(textOf(answers[2], "text"), "y") << line;
    EXPECT_NE(result.err.find("1 of 3 lines have no answer"), std::string::npos)
        << result.err;
  }
}

TEST(Batch, NamesTheLineOfAMistake) {
  ToyModel toy;
  Result result = run(toy, {"--batch", "-"}, "\"x\"\n{\"colour\": 1}\n");
  EXPECT_EQ(textOf(objectsOf(result.out).at(1), "error"),
            "line 2: unknown member 'colour'");
}

TEST(Batch, ReadsAFileAndNoOtherPrompts) {
  ToyModel toy;
  std::ofstream("batch.jsonl") << "\"from a file\"\n";
  EXPECT_EQ(
      textOf(objectsOf(run(toy, {"--batch", "batch.jsonl"}).out)[0], "text"),
      "from a file");
  EXPECT_EQ(run(toy, {"--batch", "batch.jsonl", "-p", "x"}).code, 1);
  EXPECT_EQ(run(toy, {"--batch", "nonexistent.jsonl"}).code, 2);
}
