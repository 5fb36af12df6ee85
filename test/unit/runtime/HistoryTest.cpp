//===- HistoryTest.cpp - What was written before, across sessions ---------===//

#include "runtime/terminal/History.h"
#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tritc;
using terminal::History;
using test::Terminal;
using test::ToyModel;

namespace {
class HistoryTest : public testing::Test {
protected:
  HistoryTest() {
    char name[] = "/tmp/tritc-history-XXXXXX";
    folder = mkdtemp(name);
    path = folder + "/state/tritc/history";
  }
  ~HistoryTest() override { std::filesystem::remove_all(folder); }

  std::string content() const {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string folder, path;
};
} // namespace

TEST_F(HistoryTest, KeepsEntriesAcrossSessions) {
  const std::string lines = "two\nlines with a \\ and \\n";
  {
    History history;
    history.open(path);
    history.add("one");
    history.add(lines);
    history.add(lines);
    history.add("");
  }
  History again;
  again.open(path);
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(again[0], "one");
  EXPECT_EQ(again[1], lines);
}

TEST_F(HistoryTest, IsForThisUserAlone) {
  umask(0);
  History history;
  history.open(path);
  history.add("secret");
  struct stat status;
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(stat((folder + "/state/tritc").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  chmod(path.c_str(), 0644);
  history.add("another");
  stat(path.c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(HistoryTest, FollowsNoLink) {
  std::filesystem::create_directories(folder + "/state/tritc");
  std::ofstream(folder + "/target") << "kept\n";
  std::filesystem::create_symlink(folder + "/target", path);
  History history;
  history.open(path);
  history.add("more");
  EXPECT_EQ(content(), "kept\n");
}

TEST_F(HistoryTest, LosesNothingOfSeveralChats) {
  constexpr int chats = 4, entries = 200;
  for (int chat = 0; chat < chats; ++chat)
    if (fork() == 0) {
      History history;
      history.open(path);
      for (int entry = 0; entry < entries; ++entry)
        history.add(std::to_string(chat) + "-" + std::to_string(entry));
      _exit(0);
    }
  while (wait(nullptr) > 0) {
  }
  History all;
  all.open(path);
  EXPECT_EQ(all.size(), size_t{chats * entries});
}

TEST_F(HistoryTest, StaysSmall) {
  History history;
  history.open(path);
  for (int entry = 0; entry < 200; ++entry)
    history.add(std::string(10000, 'a' + entry % 26) + std::to_string(entry));
  EXPECT_LE(std::filesystem::file_size(path), size_t{1} << 20);
  history.add(std::string(History::longestKept + 1, 'x'));
  EXPECT_EQ(content().find("xxxxxxxxxxxxxxxxxxxxxxxxxxx" +
                           std::string(History::longestKept, 'x')),
            std::string::npos);
  History again;
  again.open(path);
  ASSERT_GT(again.size(), 50u);
  EXPECT_TRUE(again[again.size() - 1].ends_with("199"));
}

TEST_F(HistoryTest, FindsWords) {
  History history;
  for (const char *entry : {"Apples", "pears", "grapes"})
    history.add(entry);
  size_t index = 9;
  EXPECT_TRUE(history.findBefore(3, "AP", index));
  EXPECT_EQ(index, 2u);
  EXPECT_TRUE(history.findBefore(2, "ap", index));
  EXPECT_EQ(index, 0u);
  EXPECT_FALSE(history.findBefore(0, "ap", index));
  EXPECT_TRUE(history.findAfter(0, "ap", index));
  EXPECT_EQ(index, 2u);
}

TEST_F(HistoryTest, IsWhatAChatOffers) {
  ToyModel toy;
  const test::Environment environment = {
      {"TERM", "xterm"}, {"NO_COLOR", "1"}, {"XDG_STATE_HOME", folder}};
  path = folder + "/tritc/history";
  for (const char *keys : {"hello\\\rworld\r", "\x1b[A\r"}) {
    Terminal terminal(toy, {}, environment);
    terminal.expect("commands\r\n> ");
    terminal.type(keys);
    terminal.expect("\r\nhello\r\nworld\r\n> ");
    terminal.type("\4");
    EXPECT_EQ(terminal.code(), 0);
    EXPECT_EQ(content(), "hello\\nworld\n");
  }
  Terminal terminal(toy, {"--no-history"}, environment);
  terminal.expect("commands\r\n> ");
  terminal.type("\x1b[Anew\r");
  terminal.expect("\r\nnew\r\n> ");
  terminal.type("\4");
  EXPECT_EQ(terminal.code(), 0);
  EXPECT_EQ(content(), "hello\\nworld\n");
}
