//===- CompleteTest.cpp - One prompt, one answer --------------------------===//

#include "runtime/abi/Tokenizer.h"
#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <fstream>
#include <regex>
#include <sys/wait.h>

using namespace tritc;
using test::Result;
using test::run;
using test::ToyModel;

/// One line, as every error is.
static bool isOneLine(const std::string &text) {
  return !text.empty() && text.find('\n') == text.size() - 1;
}

TEST(Complete, WritesOnlyTheAnswerAndANewline) {
  ToyModel toy;
  Result result = run(toy, {}, "hello, world\n");
  EXPECT_EQ(result.out, "hello, world\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.code, 0);
}

TEST(Complete, TakesThePromptFromTheCommandLine) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"-p", "one"}).out, "one\n");
  EXPECT_EQ(run(toy, {"one", "two"}).out, "one two\n");
}

TEST(Complete, TakesThePromptFromAFile) {
  ToyModel toy;
  std::ofstream("prompt.txt") << "from a file\n";
  EXPECT_EQ(run(toy, {"-f", "prompt.txt"}).out, "from a file\n");
}

TEST(Complete, TellsTheSystemPromptFirst) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"-sys", "S: ", "-p", "u"}).out, "S:u\n"); // trimmed
}

TEST(Complete, ContinuesRawTextWithoutTheTemplate) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"--raw", "-p", "abc", "-n", "4"}).out, "defg\n");
}

TEST(Complete, EndsAfterAsManyTokensAsTold) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"-p", "abcdef", "-n", "3"}).out, "abc\n");
  EXPECT_EQ(run(toy, {"-p", "abcdef", "-n", "0"}).out, "\n");
}

TEST(Complete, EndsBeforeAReversePrompt) {
  ToyModel toy;
  Result result = run(toy, {"-p", "abc USER: d", "-r", "USER:"});
  EXPECT_EQ(result.out, "abc \n");
  EXPECT_EQ(result.code, 0);
}

TEST(Complete, AnswersTheSameForEveryThreadCountAndChunk) {
  ToyModel toy;
  for (const char *threads : {"1", "2", "3"})
    for (const char *chunk : {"1", "3", "8"})
      EXPECT_EQ(run(toy, {"-t", threads, "--chunk", chunk, "--weights=copy"},
                    "the same answer")
                    .out,
                "the same answer\n");
}

TEST(Complete, RepeatsItselfForOneSeed) {
  ToyModel toy;
  auto answer = [&](const char *seed) {
    return run(toy, {"-p", "x", "--temp", "50", "-n", "40", "-s", seed}).out;
  };
  EXPECT_EQ(answer("1"), answer("1"));
  EXPECT_NE(answer("1"), answer("2"));
  EXPECT_NE(answer("-1"), answer("-1"));
}

TEST(Complete, TakesDefaultsFromTheImage) {
  ToyModel toy;
  toy.image().generation.temperature = 50;
  EXPECT_NE(run(toy, {"-p", "some text"}).out, "some text\n");
  EXPECT_EQ(run(toy, {"-p", "some text", "--temp", "0"}).out, "some text\n");
}

TEST(Complete, ReplacesInvalidUtf8) {
  ToyModel toy;
  Result result = run(toy, {}, std::string("a\xff\xe2\x82z\0!", 7));
  EXPECT_EQ(result.out, std::string("a\xef\xbf\xbd\xef\xbf\xbdz\0!\n", 11));
  EXPECT_EQ(result.code, 0);
}

TEST(Complete, RefusesAPromptLongerThanTheContext) {
  ToyModel toy;
  // begin, user, text, end, assistant
  std::string longest(ToyModel::contextSize - 4, 'x');
  EXPECT_EQ(run(toy, {"-n", "1"}, longest).code, 0);
  Result result = run(toy, {"-n", "1"}, longest + "x");
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "error: the prompt has 257 tokens, the context holds 256\n");
  EXPECT_EQ(run(toy, {"-c", "16"}, longest.substr(0, 100)).err,
            "error: the prompt has 104 tokens, the context holds 16\n");
}

TEST(Complete, SaysThatTheContextIsFull) {
  ToyModel toy;
  Result result = run(toy, {"-c", "10"}, "~a");
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "~a~a~\n"); // 6 tokens of prompt, 4 fed, 1 more
  EXPECT_EQ(result.err,
            "note: the answer was cut, the context of 10 tokens is full\n");
}

TEST(Complete, EndsQuietlyWhenItsReaderHasGone) {
  ToyModel toy;
  test::Pipes pipes(toy, {"-p", "~endless"});
  pipes.closeInput();
  EXPECT_EQ(pipes.read(8), "~endless");
  pipes.closeOutput();
  Result result = pipes.finish();
  EXPECT_EQ(result.code, 7);
  EXPECT_EQ(result.err, "");
}

TEST(Complete, SaysThatTheDiskIsFull) {
  ToyModel toy;
  test::Pipes pipes(toy, {"-p", "x"}, "/dev/full");
  pipes.closeInput();
  Result result = pipes.finish();
  EXPECT_EQ(result.code, 7);
  EXPECT_EQ(result.err, "error: cannot write: No space left on device\n");
}

TEST(Complete, EndsTheLineWhenInterrupted) {
  ToyModel toy;
  test::Pipes pipes(toy, {"-p", "~ab"});
  pipes.closeInput();
  EXPECT_EQ(pipes.read(6), "~ab~ab");
  pipes.interrupt();
  Result result = pipes.finish();
  EXPECT_EQ(result.code, 130);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.out.back(), '\n');
}

TEST(Complete, EndsQuietlyWhenInterruptedWhileReading) {
  ToyModel toy;
  // More than a pipe holds: once it is sent, the child is reading.
  const std::string much(1 << 18, 'x');
  for (const char *file : {"/dev/stdin", "-"}) {
    test::Pipes pipes(toy, {"tokenize", "-f", file});
    pipes.send(much);
    pipes.interrupt();
    Result result = pipes.finish();
    EXPECT_EQ(result.code, 130) << file;
    EXPECT_EQ(result.err, "") << file;
    EXPECT_EQ(result.out, "") << file;
  }
}

TEST(Complete, StreamsTokenByToken) {
  ToyModel toy;
  test::Pipes pipes(toy, {"-p", "~ab"});
  pipes.closeInput();
  EXPECT_EQ(pipes.read(4), "~ab~"); // while the toy goes on without end
  pipes.interrupt();
  pipes.finish();
}

TEST(Complete, SaysInOneLineWhatItCannotRead) {
  ToyModel toy;
  Result result = run(toy, {"-f", "no-such-file"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err,
            "error: no-such-file: cannot read: No such file or directory\n");
  EXPECT_EQ(run(toy, {"-f", "/"}).code, 2);
  EXPECT_EQ(run(toy, {"-f", "no\nsuch\x1b"}).err,
            "error: no?such?: cannot read: No such file or directory\n");
}

TEST(Complete, RefusesBadOptionsInOneLine) {
  ToyModel toy;
  for (test::Arguments arguments : {test::Arguments{"--bogus"},
                                    {"benhc"},
                                    {"-n"},
                                    {"-n", "x"},
                                    {"--top-p", "2"},
                                    {"-c", "257", "-p", "x"},
                                    {"-p", "x", "-t", "1000"}}) {
    Result result = run(toy, arguments);
    EXPECT_EQ(result.code, 1) << arguments[0];
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(isOneLine(result.err)) << result.err;
  }
}

TEST(Start, RefusesACpuWithoutTheFeaturesBeforeAnythingElse) {
  ToyModel toy;
  toy.program().requiredFeatures = ~0ull;
  toy.image().magic = 0;
  Result result = run(toy, {"--bogus"});
  EXPECT_EQ(result.code, 4);
  EXPECT_TRUE(isOneLine(result.err));
  EXPECT_TRUE(result.err.starts_with(
      "error: this CPU cannot run code compiled for toy, it lacks:"));
}

TEST(Start, RefusesADamagedImage) {
  ToyModel toy;
  toy.image().abiVersion = 77;
  Result result = run(toy, {"info"});
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.err, "error: image: ABI version: expected " +
                            std::to_string(TRITC_ABI_VERSION) + ", found 77\n");
}

TEST(Start, RefusesDamagedTokenizerTables) {
  ToyModel toy;
  reinterpret_cast<char *>(&toy.image())[toy.image().tokenizer.offset] ^= 1;
  Result result = run(toy, {"info"});
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.err, "error: image: tokenizer: expected tables of version " +
                            std::to_string(TRITC_TOKENIZER_VERSION) + "\n");
}
