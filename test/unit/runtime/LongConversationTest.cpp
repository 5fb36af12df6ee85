//===- LongConversationTest.cpp - Full contexts, saved conversations ------===//
//
// On a terminal without escape sequences. A turn of the toy with a message of n
// bytes takes 2 n + 4 tokens, its last one when the next begins, and the
// conversation's beginning one.
//
//===----------------------------------------------------------------------===//

#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace tritc;
using test::Result;
using test::run;
using test::Terminal;
using test::ToyModel;

namespace {
class LongConversation : public testing::Test {
protected:
  void SetUp() override {
    std::filesystem::create_directories("conversations");
    for (const auto &entry :
         std::filesystem::directory_iterator("conversations"))
      std::filesystem::remove(entry.path());
  }
  static std::string read(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const std::string &path, const std::string &bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  /// The conversation as JSON.
  std::string exported(Terminal &terminal) {
    terminal.order("/export conversations/said.json");
    return read("conversations/said.json");
  }
  static std::string message(const char *role, const std::string &content) {
    return "{\"role\": \"" + std::string(role) + "\", \"content\": \"" +
           content + "\"}";
  }
  static std::string turn(const std::string &content) {
    return message("user", content) + ",\n  " + message("assistant", content);
  }

  ToyModel toy;
};
} // namespace

TEST_F(LongConversation, PushesOutTheOldestTurnsAndKeepsTheSystemMessage) {
  Terminal terminal(toy, {"-c", "52", "-sys", "S"});
  for (const char *text : {"aaaaaaa", "bbbbbbb"})
    EXPECT_EQ(terminal.order(text).substr(0, 8), "S" + std::string(text));
  std::string third = terminal.order("ccccccc");
  EXPECT_NE(third.find("[the context was full: the oldest 1 turn is "
                       "forgotten]\r\n"),
            std::string::npos)
      << third;
  EXPECT_NE(third.find("Sccccccc\r\n"), std::string::npos) << third;
  std::string said = exported(terminal);
  EXPECT_EQ(said.find("aaaaaaa"), std::string::npos) << said;
  EXPECT_NE(said.find(message("system", "S")), std::string::npos) << said;
  EXPECT_NE(said.find("bbbbbbb"), std::string::npos) << said;
}

TEST_F(LongConversation, GoesOnWithAnAnswerThatFillsTheContext) {
  Terminal terminal(toy, {"-c", "64"});
  terminal.order("aaaaaaa");
  terminal.order("bbbbbbb");
  // Its message fits, its answer does not.
  std::string third = terminal.order("cccccccccccccccc");
  EXPECT_TRUE(third.starts_with("cccccccccccccccc\r\n")) << third;
  EXPECT_NE(third.find("forgotten]"), std::string::npos) << third;
}

TEST_F(LongConversation, NeverForgetsTheFirstTurnsOfKeep) {
  Terminal terminal(toy, {"-c", "50", "--keep", "1"});
  for (const char *text : {"aaaaaa", "bbbbbb", "cccccc", "dddddd"})
    EXPECT_TRUE(terminal.order(text).find(text) != std::string::npos);
  std::string said = exported(terminal);
  EXPECT_NE(said.find("aaaaaa"), std::string::npos) << said;
  EXPECT_EQ(said.find("bbbbbb"), std::string::npos) << said;
}

TEST_F(LongConversation, EndsAtTheContextWhereNothingMayGo) {
  Terminal terminal(toy, {"-c", "40", "--keep", "-1"});
  terminal.order("aaaaaaa");
  std::string second = terminal.order(std::string(25, 'b'));
  EXPECT_NE(second.find("the context holds 40]"), std::string::npos) << second;
}

TEST_F(LongConversation, RefusesAMessageThatNeverFitsAndForgetsNothing) {
  Terminal terminal(toy, {"-c", "40"});
  terminal.order("aaaaaaa");
  std::string second = terminal.order(std::string(60, 'b'));
  EXPECT_NE(second.find("the context holds 40]"), std::string::npos) << second;
  EXPECT_EQ(second.find("forgotten"), std::string::npos) << second;
  EXPECT_EQ(exported(terminal), "[\n  " + turn("aaaaaaa") + "\n]\n");
}

TEST_F(LongConversation, IsAfterForgettingAsIfBegunAnew) {
  Terminal terminal(toy, {"-c", "48"});
  for (const char *text : {"aaaaaaa", "bbbbbbb", "ccccccc"})
    terminal.order(text);
  // What the toy answers depends on every token in its cache.
  terminal.order("/save conversations/long");
  Terminal anew(toy, {"-c", "48"});
  for (const char *text : {"bbbbbbb", "ccccccc"})
    anew.order(text);
  anew.order("/save conversations/short");
  EXPECT_EQ(exported(terminal), exported(anew));
  std::string stats = terminal.order("/stats"), same = anew.order("/stats");
  EXPECT_EQ(stats.substr(stats.find("context")),
            same.substr(same.find("context")));
}

TEST_F(LongConversation, WarnsOnceWhenTheContextIsNearlyFull) {
  Terminal terminal(toy, {"-c", "40"});
  EXPECT_EQ(terminal.order("aaaaa"), "aaaaa\r\n");
  std::string second = terminal.order("bbbbbbbbb");
  EXPECT_NE(second.find(" % full; then the oldest turns go]"),
            std::string::npos)
      << second;
}

TEST_F(LongConversation, UndoesTheLastTurn) {
  Terminal terminal(toy, {});
  EXPECT_EQ(terminal.order("/undo"), "there is no answer yet\r\n");
  terminal.order("one");
  terminal.order("two");
  EXPECT_EQ(terminal.order("/undo"), "[forgotten, 1 turn is left]\r\n");
  EXPECT_EQ(exported(terminal), "[\n  " + turn("one") + "\n]\n");
}

TEST_F(LongConversation, ForgetsTheOldestTurns) {
  Terminal terminal(toy, {});
  for (const char *text : {"one", "two", "three"})
    terminal.order(text);
  EXPECT_EQ(terminal.order("/forget 2"), "[forgotten, 1 turn is left]\r\n");
  EXPECT_EQ(exported(terminal), "[\n  " + turn("three") + "\n]\n");
  for (const char *bad : {"2", "0", "x", "-1", "99999999999999999999"})
    EXPECT_EQ(terminal.order(std::string("/forget ") + bad),
              "/forget: expected a number from 1 to 1, the turns of this "
              "conversation\r\n");
}

TEST_F(LongConversation, ShowsAGaugeOfTheContext) {
  Terminal terminal(toy, {"-c", "100"});
  terminal.order("abcdef");
  std::string stats = terminal.order("/stats");
  EXPECT_NE(stats.find("context 16 of 100 tokens [####----------------] 16 %"),
            std::string::npos)
      << stats;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

TEST_F(LongConversation, GoesOnWhereItWasSaved) {
  Terminal terminal(toy, {"-sys", "S"});
  terminal.order("abcd");
  EXPECT_EQ(terminal.order("/save conversations/a"),
            "[1 turns, 16 tokens saved]\r\n");
  struct stat status;
  ASSERT_EQ(stat("conversations/a", &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);

  Terminal other(toy, {});
  EXPECT_EQ(other.order("/load conversations/a"),
            "[1 turns, 16 tokens loaded]\r\n");
  EXPECT_EQ(other.order("xy"), "Sxy\r\n");
  std::string stats = other.order("/stats");
  EXPECT_NE(stats.find("(16 more from the cache)"), std::string::npos) << stats;
}

TEST_F(LongConversation, OfASessionIsKeptBetweenPrograms) {
  Result first =
      run(toy, {"--session", "conversations/s", "-sys", "S", "-p", "one"});
  EXPECT_EQ(first.out, "Sone\n") << first.err;
  EXPECT_EQ(run(toy, {"--session", "conversations/s", "-p", "two"}).out,
            "Stwo\n");
  Terminal terminal(toy, {"--session", "conversations/s"});
  terminal.expect("[going on behind 2 turns, ");
  terminal.order("three");
  terminal.expect("> ");
  terminal.type("/exit\n");
  EXPECT_EQ(terminal.code(), 0);
  Terminal again(toy, {"--session", "conversations/s"});
  again.expect("[going on behind 3 turns, ");
}

TEST_F(LongConversation, TakesNoFileThatIsNotWhole) {
  Terminal terminal(toy, {});
  terminal.order("abcd");
  terminal.order("/save conversations/a");
  std::string whole = read("conversations/a");
  struct {
    std::string bytes;
    const char *problem;
  } cases[] = {
      {whole.substr(0, whole.size() - 1), "incomplete: expected "},
      {whole.substr(0, 20), "incomplete: "},
      {whole + "x", "incomplete: expected "},
      {"", "not a saved conversation"},
      {"# Conversation", "not a saved conversation"},
      {whole.substr(0, whole.size() - 1) + char(whole.back() + 1), "damaged"},
      {whole.substr(0, 40) + char(whole[40] + 1) + whole.substr(41), "damaged"},
  };
  for (const auto &[bytes, problem] : cases) {
    write("conversations/b", bytes);
    std::string shown = terminal.order("/load conversations/b");
    EXPECT_TRUE(shown.starts_with("conversations/b: ")) << shown;
    EXPECT_NE(shown.find(problem), std::string::npos) << shown;
    EXPECT_EQ(shown.find("\r\n"), shown.size() - 2) << shown;
  }
  EXPECT_EQ(terminal.order("/load conversations/none"),
            "conversations/none: cannot read: No such file or directory\r\n");
  EXPECT_EQ(exported(terminal), "[\n  " + turn("abcd") + "\n]\n");
}

TEST_F(LongConversation, OfAnotherModelIsRefused) {
  Terminal terminal(toy, {});
  terminal.order("abcd");
  terminal.order("/save conversations/a");
  ToyModel other;
  other.image().contentHash ^= 1;
  Terminal another(other, {});
  EXPECT_EQ(another.order("/load conversations/a"),
            "conversations/a: saved by another model, toy\r\n");
  EXPECT_EQ(run(other, {"--session", "conversations/a", "-p", "x"}).err,
            "error: conversations/a: saved by another model, toy\n");
}

TEST_F(LongConversation, LeavesTheOldFileWhereItCannotWrite) {
  Terminal terminal(toy, {});
  terminal.order("abcd");
  EXPECT_EQ(terminal.order("/save /nonexistent/a"),
            "/nonexistent/a: cannot write: No such file or directory\r\n");
  EXPECT_EQ(terminal.order("/save"), "/save: expected the name of a file\r\n");
  terminal.order("/save conversations/a");
  terminal.order("/save conversations/a");
  size_t files = 0;
  for ([[maybe_unused]] const auto &entry :
       std::filesystem::directory_iterator("conversations"))
    ++files;
  EXPECT_EQ(files, 1u);
}

TEST_F(LongConversation, IsExportedAsMarkdown) {
  Terminal terminal(toy, {"-sys", "S"});
  terminal.order("one");
  EXPECT_EQ(terminal.order("/export conversations/a.md"),
            "[1 turns written]\r\n");
  EXPECT_EQ(read("conversations/a.md"),
            "# Conversation with toy\n\n## System\n\nS\n\n## User\n\none\n\n"
            "## Assistant\n\nSone\n");
}

TEST_F(LongConversation, ThatIsExportedCanBeRead) {
  Terminal terminal(toy, {});
  EXPECT_EQ(exported(terminal), "[]\n");
  terminal.order("a \\\"q\\\" b");
  std::string said = exported(terminal);
  EXPECT_NE(said.find("a \\\\\\\"q\\\\\\\" b"), std::string::npos) << said;
}
