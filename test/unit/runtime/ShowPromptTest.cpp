//===- ShowPromptTest.cpp - What a conversation becomes -------------------===//

#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <fstream>
#include <unistd.h>

using namespace tritc;
using test::Result;
using test::run;
using test::ToyModel;

namespace {
/// A file that is gone at the end of the test.
struct File {
  explicit File(const std::string &text)
      : path("/tmp/prompt-test-" + std::to_string(getpid()) + ".json") {
    std::ofstream(path) << text;
  }
  ~File() { unlink(path.c_str()); }
  std::string path;
};

Result promptOf(const std::string &messages) {
  ToyModel toy;
  File file(messages);
  return run(toy, {"prompt", "--messages", file.path});
}

/// What is wrong with `messages`, without the file's name.
std::string complaint(const std::string &messages) {
  Result result = promptOf(messages);
  EXPECT_EQ(result.code, 3) << messages;
  EXPECT_EQ(result.out, "");
  size_t line = result.err.find("line ");
  return line == std::string::npos ? result.err : result.err.substr(line);
}
} // namespace

TEST(ShowPrompt, PrintsTheTextOfOneMessage) {
  ToyModel toy;
  const char *expected = "<|system|>S<|end|><|user|>he<|end|><|assistant|>\n";
  EXPECT_EQ(run(toy, {"prompt", "-p", " he ", "-sys", "S"}).out, expected);
  EXPECT_EQ(run(toy, {"--dry-run", "-p", "he", "-sys", "S"}).out, expected);
  EXPECT_EQ(run(toy, {"prompt"}, "he\n").out,
            "<|user|>he<|end|><|assistant|>\n");
}

TEST(ShowPrompt, PrintsTextAndIdsAsJson) {
  ToyModel toy;
  auto id = [](int32_t token) { return std::to_string(token); };
  const test::ToyTokens &t = toy.tokens();
  EXPECT_EQ(run(toy, {"prompt", "--json", "-p", "he\"h"}).out,
            "{\"text\": \"<|user|>he\\\"h<|end|><|assistant|>\", \"ids\": [" +
                id(t.begin) + ", " + id(t.user) + ", 256, 34, 104, " +
                id(t.end) + ", " + id(t.assistant) + "]}\n");
}

TEST(ShowPrompt, TakesAWholeConversation) {
  Result result = promptOf(
      R"([{"role": "system", "content": "S"},
          {"content": "a\u00e4\ud83d\ude00\n", "role": "user"},
          {"role": "assistant", "content": ""},
          {"role": "user", "content": "\\\"\/"}])");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.out,
            "<|system|>S<|end|><|user|>a\u00e4\U0001f600<|end|><|assistant|>"
            "<|end|><|user|>\\\"/<|end|><|assistant|>\n");
}

TEST(ShowPrompt, SaysWhatIsWrongWithAConversation) {
  EXPECT_EQ(complaint("{}"), "line 1: expected a list\n");
  EXPECT_EQ(complaint("[\n7]"), "line 2: expected an object\n");
  EXPECT_EQ(complaint(R"([{"role": "user", "content": "a"},])"),
            "line 1: expected an object\n");
  EXPECT_EQ(complaint(R"([{"role": "user", "content": 7}])"),
            "line 1: expected a string\n");
  EXPECT_EQ(complaint(R"([{"role": "user", "content": "a)"),
            "line 1: expected a string that ends on its line\n");
  EXPECT_EQ(complaint(R"([{"role": "user", "content": "\ud800"}])"),
            "line 1: expected the second half of a surrogate pair\n");
  EXPECT_EQ(complaint("[{\"role\": \"user\", \"content\": \"\xff\"}]"),
            "line 1: expected UTF-8\n");
  for (const char *fields :
       {R"([{"role": "user"}])", R"([{"role": "user", "role": "user"}])",
        R"([{"role": "user", "content": "a", "name": "b"}])"})
    EXPECT_EQ(complaint(fields),
              "line 1: expected role and content, each once, "
              "and no other key\n");
  for (
      const char *order :
      {R"([{"role": "assistant", "content": "a"}])",
       R"([{"role": "user", "content": "a"}, {"role": "user", "content": "b"}])",
       R"([{"role": "user", "content": "a"}, {"role": "system", "content": ""}])",
       R"([{"role": "tool", "content": "a"}])"})
    EXPECT_EQ(complaint(order), "line 1: expected a system message or none, "
                                "then user and assistant in turn\n");
  EXPECT_EQ(complaint("[]"), "line 1: expected a message of the user at the "
                             "end\n");
  EXPECT_EQ(complaint(R"([{"role": "user", "content": "a"}] x)"),
            "line 1: expected nothing more\n");
}

TEST(ShowPrompt, TakesNoMessageBesideAConversation) {
  ToyModel toy;
  Result result = run(toy, {"prompt", "--messages", "x", "-p", "y"});
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("leave out -p"), std::string::npos);
}

TEST(ShowPrompt, RefusesASystemMessageWithoutAPlace) {
  ToyModel toy;
  toy.image().chat.rules.takesSystem = 0;
  Result result = run(toy, {"-p", "he", "-sys", "S"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "error: -sys: the chat template of this model has no "
                        "place for a system message\n");
  EXPECT_EQ(run(toy, {"-p", "he", "-n", "1"}).code, 0);
}

TEST(MissingTemplate, IsNotedInAChatOnly) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"-p", "he", "-n", "1"}).err, "");
  toy.image().chat.rules.isMissed = 1;
  EXPECT_EQ(run(toy, {"-p", "he", "-n", "1"}).err,
            "note: this model came without a chat template: it goes on with "
            "your text instead of answering it; compile it with "
            "--chat-template=, or continue texts with --raw\n");
  EXPECT_EQ(run(toy, {"-p", "he", "-n", "1", "--raw"}).err, "");
  EXPECT_EQ(run(toy, {"tokenize", "-p", "he"}).err, "");
}
