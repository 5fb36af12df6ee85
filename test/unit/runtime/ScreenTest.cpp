//===- ScreenTest.cpp - What is to be seen while a message is written -----===//

#include "test/unit/runtime/Screen.h"
#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <chrono>
#include <functional>

using namespace tritc;
using test::Arguments;
using test::Environment;
using test::Screen;
using test::Terminal;
using test::ToyModel;

namespace {
/// A chat with its screen, whose first row is the greeting.
class Watched {
public:
  explicit Watched(Screen::Widths widths = Screen::Widths::EachCodePoint,
                   const Arguments &arguments = {})
      : terminal(toy, arguments, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}),
        screen(25, 80, widths) {
    waitFor([&] { return screen.row(1) == ">"; }, "the prompt");
  }

  void type(const std::string &keys) { terminal.type(keys); }
  /// Reads until `holds`, for 5 s.
  void waitFor(const std::function<bool()> &holds, const std::string &what) {
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!holds()) {
      screen.feed(terminal.take(100));
      if (std::chrono::steady_clock::now() > end) {
        ADD_FAILURE() << "expected " << what << ", found\n" << screen.text();
        return;
      }
    }
  }
  /// Waits until the rows below the greeting are these, and the cursor there.
  void expect(const std::string &rows, int row, int column) {
    auto shown = [&] {
      std::string text = screen.text();
      return text.substr(text.find('\n') + 1);
    };
    waitFor(
        [&] {
          return shown() == rows && screen.cursorRow() == row &&
                 screen.cursorColumn() == column;
        },
        rows + "(cursor " + std::to_string(row) + ", " +
            std::to_string(column) + ", not " +
            std::to_string(screen.cursorRow()) + ", " +
            std::to_string(screen.cursorColumn()) + ")");
  }

  ToyModel toy;
  Terminal terminal;
  Screen screen;
};

class InBothWidths : public testing::TestWithParam<Screen::Widths> {};
} // namespace

static const std::string family = "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"
                                  "\xe2\x80\x8d\xf0\x9f\x91\xa7",
                         wide = "\xe6\x97\xa5\xe6\x9c\xac", // two characters
    accent = "e\xcc\x81", grin = "\xf0\x9f\x98\x80";

TEST(ScreenTest, ShowsEditsInPlace) {
  Watched chat;
  chat.type("hello");
  chat.expect("> hello\n", 1, 7);
  chat.type("\x1b[D\x1b[Dxy");
  chat.expect("> helxylo\n", 1, 7);
  chat.type("\13");
  chat.expect("> helxy\n", 1, 7);
  chat.type("\25");
  chat.expect(">\n", 1, 2);
}

TEST(ScreenTest, WrapsAtTheEdge) {
  Watched chat;
  chat.type(std::string(78, 'a'));
  chat.expect("> " + std::string(78, 'a') + "\n", 2, 0);
  chat.type("bc");
  chat.expect("> " + std::string(78, 'a') + "\nbc\n", 2, 2);
  chat.type("\1z");
  chat.expect("> z" + std::string(77, 'a') + "\nabc\n", 1, 3);
  chat.type("\5\x7f\x7f\x7f");
  chat.expect("> z" + std::string(77, 'a') + "\n", 2, 0);
  chat.type("\r");
  chat.waitFor([&] { return chat.screen.row(chat.screen.cursorRow()) == ">"; },
               "the next prompt");
  EXPECT_TRUE(chat.screen.wrapsLines());
}

TEST(ScreenTest, KeepsAWideCharacterInOneRow) {
  Watched chat;
  chat.type(std::string(77, 'a') + wide);
  chat.expect("> " + std::string(77, 'a') + "\n" + wide + "\n", 2, 4);
}

TEST_P(InBothWidths, ShowsTheTextBehindAnyCharacter) {
  for (const std::string &character : {family, wide, accent, grin}) {
    Watched chat(GetParam());
    int columns = character == wide ? 4 : character == accent ? 1 : 2;
    chat.type("a" + character + "bc");
    chat.waitFor([&] { return chat.screen.cursorColumn() == 5 + columns; },
                 "the cursor behind " + character);
    EXPECT_TRUE(chat.screen.row(1).ends_with("bc")) << chat.screen.row(1);
    chat.type("\x1b[D\x1b[D\x7f");
    if (character == wide)
      chat.type("\x7f");
    chat.expect("> abc\n", 1, 3);
  }
}

INSTANTIATE_TEST_SUITE_P(ScreenTest, InBothWidths,
                         testing::Values(Screen::Widths::EachCodePoint,
                                         Screen::Widths::Clusters));

TEST(ScreenTest, ShowsSeveralLines) {
  Watched chat;
  chat.type("\x1b[200~one\rtwo\rthree\x1b[201~");
  chat.expect("> one\n| two\n| three\n", 3, 7);
  chat.type("\x1b[A\x1b[A\x1b[A"); // to the first row; there is no history
  chat.expect("> one\n| two\n| three\n", 1, 5);
  chat.type("\x1b[B\5\x1b[3~");
  chat.expect("> one\n| twothree\n", 2, 5);
}

TEST(ScreenTest, ShowsTheRowsAroundTheCursor) {
  Watched chat;
  std::string lines;
  for (int line = 1; line <= 100; ++line)
    lines += "line " + std::to_string(line) + (line < 100 ? "\r" : "");
  chat.type("\x1b[200~" + lines + "\x1b[201~");
  chat.waitFor([&] { return chat.screen.row(24) == "| line 100"; }, "the end");
  EXPECT_EQ(chat.screen.row(0), "| line 76");
  chat.type("\x1b<");
  chat.waitFor([&] { return chat.screen.row(0) == "> line 1"; }, "the begin");
  EXPECT_EQ(chat.screen.row(24), "| line 25");
}

TEST(ScreenTest, DrawsAnewInAnotherWidth) {
  Watched chat;
  chat.type(std::string(100, 'a') + "\1\x1b[C"); // the cursor near the begin
  chat.expect("> " + std::string(78, 'a') + "\n" + std::string(22, 'a') + "\n",
              1, 3);
  chat.screen.resize(25, 120);
  chat.terminal.resize(25, 120);
  chat.expect("> " + std::string(100, 'a') + "\n", 1, 3);
  chat.screen.resize(25, 60);
  chat.terminal.resize(25, 60);
  chat.expect("> " + std::string(58, 'a') + "\n" + std::string(42, 'a') + "\n",
              1, 3);
}

TEST(ScreenTest, ClearsTheScreen) {
  Watched chat;
  chat.type("hello\14");
  chat.waitFor([&] { return chat.screen.row(0) == "> hello"; },
               "the prompt at the top");
  EXPECT_EQ(chat.screen.text(), "> hello\n");
}

TEST(ScreenTest, ShowsWhatASearchFinds) {
  Watched chat;
  chat.type("apples\r");
  chat.expect("> apples\napples\n>\n", 3, 2);
  chat.type("\22ppl");
  chat.waitFor([&] { return chat.screen.row(3) == "(search: ppl) apples"; },
               "what was found");
  chat.type("x");
  chat.waitFor([&] { return chat.screen.row(3) == "(not found: pplx) apples"; },
               "nothing found");
  chat.type("\7");
  chat.expect("> apples\napples\n>\n", 3, 2);
}

TEST(ScreenTest, ShowsControlCharactersOfAnAnswer) {
  // The toy says the system message first.
  Watched told(Screen::Widths::EachCodePoint, {"-sys", "a\x1b[2Jb\a\x7f\xc2\x9b"
                                                       "c"});
  told.type("x\r");
  told.expect("> x\na\xe2\x90\x9b[2Jb\xe2\x90\x87\xe2\x90\xa1\xef\xbf\xbd"
              "cx\n>\n",
              3, 2);
}

TEST(ScreenTest, AsksForPastes) {
  Watched chat;
  EXPECT_TRUE(chat.screen.asksForPastes());
  chat.type("/exit\r");
  chat.waitFor([&] { return !chat.screen.asksForPastes(); },
               "pastes without brackets again");
  EXPECT_EQ(chat.terminal.code(), 0);
}
