//===- PromptTest.cpp - Where a prompt comes from -------------------------===//

#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <fcntl.h>
#include <fstream>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace tritc;
using test::Result;
using test::run;
using test::ToyModel;

static void write(const char *name, std::string_view text) {
  std::ofstream(name, std::ios::binary) << text;
}

/// Runs the toy with an open file as standard input, which is closed here.
static Result runOn(int input, const ToyModel &toy,
                    const test::Arguments &arguments) {
  int before = dup(STDIN_FILENO);
  dup2(input, STDIN_FILENO);
  close(input);
  test::Pipes pipes(toy, arguments, nullptr, test::Pipes::Input::Inherited);
  dup2(before, STDIN_FILENO);
  close(before);
  return pipes.finish();
}

TEST(Prompt, JoinsItsSourcesInTheirOrder) {
  ToyModel toy;
  write("one.txt", "f1\n");
  write("two.txt", "f2\n\n");
  EXPECT_EQ(run(toy, {"-p", "p"}, "pipe\n").out, "p\npipe\n");
  EXPECT_EQ(run(toy, {"-f", "one.txt", "-p", "p"}).out, "p\nf1\n");
  EXPECT_EQ(run(toy, {"-f", "one.txt"}, "pipe").out, "f1\npipe\n");
  EXPECT_EQ(run(toy,
                {"-f", "one.txt", "some", "-p", "p", "-f", "two.txt", "words",
                 "-p", "q"},
                "pipe")
                .out,
            "p\nq\nsome words\nf1\nf2\n\npipe\n");
}

TEST(Prompt, AddsNothingForWhatIsEmpty) {
  ToyModel toy;
  write("empty.txt", "\n");
  EXPECT_EQ(run(toy, {"-p", "p"}, "").out, "p\n");
  EXPECT_EQ(run(toy, {"-p", "", "-f", "empty.txt"}, "pipe").out, "pipe\n");
  EXPECT_EQ(run(toy, {"-p", "p", "-f", "empty.txt"}, "\n").out, "p\n");
}

TEST(Prompt, IsNotDroppedWhereAFileIsMissing) {
  ToyModel toy;
  Result result = run(toy, {"-p", "p", "-f", "no-such-file"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.out, "");
}

TEST(Prompt, HasToSaySomething) {
  ToyModel toy;
  write("empty.txt", "\r\n");
  for (const char *input : {"", "\n", " \t\n\n", "\xef\xbb\xbf"}) {
    Result result = run(toy, {}, input);
    EXPECT_EQ(result.code, 1) << input;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "error: the prompt is empty\n");
  }
  EXPECT_EQ(run(toy, {"-p", ""}).code, 1);
  EXPECT_EQ(run(toy, {""}).code, 1);
  EXPECT_EQ(run(toy, {"-f", "empty.txt"}).code, 1);
  EXPECT_EQ(run(toy, {"--raw"}, "").code, 1);
  EXPECT_EQ(run(toy, {"--raw", "-n1"}, " ").code, 0);
  for (const char *command : {"tokenize", "logits"})
    EXPECT_EQ(run(toy, {command}, "").err, "error: the prompt is empty\n");
}

TEST(Prompt, TakesTheDashForStandardInput) {
  ToyModel toy;
  write("one.txt", "f1");
  EXPECT_EQ(run(toy, {"-f", "-", "-f", "one.txt"}, "pipe").out, "pipe\nf1\n");
  for (const char *name : {"-", "/dev/stdin"})
    EXPECT_EQ(runOn(open("one.txt", O_RDONLY), toy, {"-f", name}).out, "f1\n");
}

TEST(Prompt, IsCompleteWithoutStandardInput) {
  ToyModel toy;
  Result none = runOn(open("/dev/null", O_RDONLY), toy, {"-p", "p"});
  EXPECT_EQ(none.out, "p\n");
  EXPECT_EQ(none.err, "");
  // What nohup leaves there, and a closed one.
  none = runOn(open("/dev/null", O_WRONLY), toy, {"-p", "p"});
  EXPECT_EQ(none.out, "p\n");
  EXPECT_EQ(none.err, "");
}

TEST(Prompt, LeavesAFileToTheScriptThatReadsIt) {
  ToyModel toy;
  write("list.txt", "first\nsecond\n");
  int file = open("list.txt", O_RDONLY);
  lseek(file, 6, SEEK_SET);
  Result result = runOn(dup(file), toy, {"-p", "first"});
  EXPECT_EQ(result.out, "first\n");
  EXPECT_EQ(result.err,
            "note: standard input is in use, it is not read; -f - reads it\n");
  EXPECT_EQ(lseek(file, 0, SEEK_CUR), 6);
  EXPECT_EQ(runOn(dup(file), toy, {"-p", "first", "-f", "-"}).out,
            "first\nsecond\n");
  EXPECT_EQ(runOn(file, toy, {"-p", "first"}).err, ""); // now at its end
  EXPECT_EQ(runOn(open("list.txt", O_RDONLY), toy, {"-p", "p"}).out,
            "p\nfirst\nsecond\n");
}

TEST(Prompt, DoesNotWaitForASocketThatSaysNothing) {
  ToyModel toy;
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Result result = runOn(ends[0], toy, {"-p", "p"});
  EXPECT_EQ(result.out, "p\n");
  EXPECT_EQ(result.err, "note: standard input is silent, it is not read; -f - "
                        "waits for it\n");
  close(ends[1]);
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  ASSERT_EQ(::write(ends[1], "more", 4), 4);
  shutdown(ends[1], SHUT_WR);
  EXPECT_EQ(runOn(ends[0], toy, {"-p", "p"}).out, "p\nmore\n");
  close(ends[1]);
}

TEST(Prompt, WaitsForAPipeThatIsSlow) {
  ToyModel toy;
  test::Pipes pipes(toy, {"-p", "p"});
  usleep(2500000);
  pipes.send("late");
  Result result = pipes.finish();
  EXPECT_EQ(result.out, "p\nlate\n");
  EXPECT_EQ(result.err,
            "note: waiting for standard input; </dev/null gives none\n");
}

TEST(Prompt, ReadsTheTextFilesOfOtherSystems) {
  ToyModel toy;
  using namespace std::string_literals;
  for (const std::string &bytes : {"a\xc3\xa4\nb"s,
                                   "\xef\xbb\xbf"s
                                   "a\xc3\xa4\r\nb\r\n"s,
                                   "\xff\xfe"s
                                   "a\0\xe4\0\r\0\n\0b\0"s,
                                   "\xfe\xff\0a\0\xe4\0\n\0b"s}) {
    write("text.txt", bytes);
    EXPECT_EQ(run(toy, {}, bytes).out, "a\xc3\xa4\nb\n");
    EXPECT_EQ(run(toy, {"-f", "text.txt"}).out, "a\xc3\xa4\nb\n");
  }
  EXPECT_EQ(run(toy, {},
                "\xff\xfe"s
                "a\0b"s)
                .err,
            "error: standard input: malformed UTF-16\n");
}

TEST(Prompt, ReadsEscapesWhereTold) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"-p", R"(a\nb)"}).out, "a\\nb\n");
  EXPECT_EQ(run(toy, {"-e", "-p", R"(a\nb\x41\\\q\x4)"}).out,
            "a\nbA\\\\q\\x4\n");
}

TEST(Prompt, OfTheSystemComesFromAFileAsWell) {
  ToyModel toy;
  write("system.txt", "T: \r\n");
  EXPECT_EQ(run(toy, {"-sysf", "system.txt", "-p", "u"}).out, "T:u\n");
  EXPECT_EQ(run(toy, {"-sys", "S", "-sysf", "system.txt", "-p", "u"}).out,
            "S\nT:u\n");
  EXPECT_EQ(run(toy, {"-sysf", "no-such-file", "-p", "u"}).code, 2);
}

/// Runs the toy on an input without an end, in little memory.
static Result runOnZeros(const ToyModel &toy, const test::Arguments &words) {
  rlimit before, little;
  getrlimit(RLIMIT_DATA, &before);
  little = before;
  little.rlim_cur = 50 << 20;
  setrlimit(RLIMIT_DATA, &little);
  Result result = runOn(open("/dev/zero", O_RDONLY), toy, words);
  setrlimit(RLIMIT_DATA, &before);
  return result;
}

TEST(Prompt, IsRefusedByItsSizeBeforeItIsTokenized) {
  ToyModel toy;
  for (const test::Arguments &words : {test::Arguments{},
                                       {"-p", "p"},
                                       {"--raw"},
                                       {"logits"},
                                       {"-f", "/dev/zero"}}) {
    Result result = runOnZeros(toy, words);
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.err.find("bytes, the context of 256 tokens cannot hold "
                              "that\n"),
              std::string::npos)
        << result.err;
  }
  EXPECT_EQ(runOnZeros(toy, {"tokenize"}).code, 1);
  EXPECT_EQ(runOnZeros(toy, {"perplexity", "/dev/zero"}).code, 1);
  EXPECT_EQ(run(toy, {"-p", "p", "-sysf", "/dev/zero"}).code, 1);
}

TEST(Prompt, BeginsAChatOnATerminalWhereTold) {
  ToyModel toy;
  test::Terminal terminal(toy, {"-p", "first", "-cnv"});
  EXPECT_NE(terminal.expect("first\r\n> "), "");
  terminal.type("second\n");
  EXPECT_NE(terminal.expect("second\r\nsecond\r\n> "), "");
  terminal.type("\4");
  EXPECT_EQ(terminal.code(), 0);
}

TEST(Prompt, EndsAChatOfOneTurn) {
  ToyModel toy;
  test::Terminal terminal(toy, {"-st"});
  EXPECT_NE(terminal.expect("> "), "");
  terminal.type("only\n");
  EXPECT_NE(terminal.expect("only\r\nonly\r\n"), "");
  EXPECT_EQ(terminal.code(), 0);
}
