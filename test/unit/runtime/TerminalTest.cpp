//===- TerminalTest.cpp - Chatting on a terminal --------------------------===//
//
// On a terminal without escape sequences: what is typed is echoed, then comes
// the toy's echo, so every message shows twice.
//
//===----------------------------------------------------------------------===//

#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

using namespace tritc;
using test::Terminal;
using test::ToyModel;

namespace {
class TerminalTest : public testing::Test {
protected:
  /// Types a message and expects the toy's answer.
  void ask(Terminal &terminal, const std::string &message,
           const std::string &answer) {
    terminal.expect("> ");
    terminal.type(message + "\n");
    EXPECT_EQ(terminal.expect("\r\n"), message + "\r\n");
    EXPECT_EQ(terminal.expect("\r\n"), answer + "\r\n");
  }

  ToyModel toy;
};
} // namespace

TEST_F(TerminalTest, GreetsAndAnswers) {
  Terminal terminal(toy, {});
  EXPECT_EQ(terminal.expect("commands\r\n"),
            "toy on toy, 256 tokens of context; /help lists the commands\r\n");
  ask(terminal, "hello", "hello");
  ask(terminal, "gr\xc3\xbc\xc3\x9f dich \xf0\x9f\x98\x80",
      "gr\xc3\xbc\xc3\x9f dich \xf0\x9f\x98\x80");
}

TEST_F(TerminalTest, LeavesOnCtrlDAndExit) {
  for (const char *farewell : {"\4", "/exit\n"}) {
    Terminal terminal(toy, {});
    ask(terminal, "hello", "hello");
    terminal.expect("> ");
    terminal.type(farewell);
    EXPECT_EQ(terminal.code(), 0);
  }
}

TEST_F(TerminalTest, StopsOnlyTheAnswerOnCtrlC) {
  Terminal terminal(toy, {});
  terminal.expect("> ");
  terminal.type("~ab\n");
  terminal.expect("~ab\r\n");
  terminal.expect("~ab~ab~ab");
  terminal.type("\3");
  terminal.expect("\r\n[stopped]\r\n");
  ask(terminal, "still here", "still here");
}

TEST_F(TerminalTest, LeavesOnTheSecondCtrlCInARow) {
  Terminal terminal(toy, {});
  terminal.expect("> ");
  terminal.type("half a li\3");
  EXPECT_EQ(terminal.expect("\r\n"), "half a li\r\n");
  ask(terminal, "no, stay", "no, stay");
  terminal.expect("> ");
  terminal.type("\3");
  terminal.expect("Ctrl-C again, Ctrl-D or /exit leaves\r\n> ");
  terminal.type("\3");
  EXPECT_EQ(terminal.code(), 130);
}

TEST_F(TerminalTest, KeepsTheConversationInTheCache) {
  Terminal terminal(toy, {});
  ask(terminal, "abcd", "abcd");
  // begin, user, 4, end, assistant: 8 computed; then 4 fed.
  std::string stats = terminal.order("/stats");
  EXPECT_NE(stats.find("prompt  8 tokens"), std::string::npos) << stats;
  EXPECT_NE(stats.find("(0 more from the cache)"), std::string::npos) << stats;
  EXPECT_NE(stats.find("answer  4 tokens"), std::string::npos) << stats;
  EXPECT_NE(stats.find("context 12 of 256 tokens"), std::string::npos) << stats;
  ask(terminal, "xy", "xy");
  stats = terminal.order("/stats");
  // New: end, user, 2, end, assistant.
  EXPECT_NE(stats.find("prompt  6 tokens"), std::string::npos) << stats;
  EXPECT_NE(stats.find("(12 more from the cache)"), std::string::npos) << stats;
}

TEST_F(TerminalTest, ForgetsOnClear) {
  Terminal terminal(toy, {});
  ask(terminal, "abcd", "abcd");
  EXPECT_EQ(terminal.order("/clear"), "");
  ask(terminal, "xy", "xy");
  std::string stats = terminal.order("/stats");
  EXPECT_NE(stats.find("(2 more from the cache)"), std::string::npos) << stats;
}

TEST_F(TerminalTest, AnswersAgainOnRegen) {
  Terminal terminal(toy, {});
  EXPECT_EQ(terminal.order("/regen"), "there is no answer yet\r\n");
  ask(terminal, "abcd", "abcd");
  EXPECT_EQ(terminal.order("/regen"), "abcd\r\n");
  EXPECT_EQ(terminal.order("/regen"), "abcd\r\n");
}

TEST_F(TerminalTest, KeepsAnAnswerThatCannotBeMadeAgain) {
  Terminal terminal(toy, {"-c", "40"});
  ask(terminal, "abcd", "abcd");
  terminal.order("/system " + std::string(50, 'x'));
  EXPECT_NE(terminal.order("/regen").find("the context holds 40"),
            std::string::npos);
  terminal.order("/system \"\"");
  EXPECT_EQ(terminal.order("/regen"), "abcd\r\n");
}

TEST_F(TerminalTest, ChangesTheSystemMessage) {
  Terminal terminal(toy, {"-sys", "One"});
  ask(terminal, "a", "Onea");
  EXPECT_EQ(terminal.order("/system Two words"), "");
  ask(terminal, "b", "Two wordsb");
  EXPECT_EQ(terminal.order("/system"), "Two words\r\n");
  EXPECT_EQ(terminal.order("/system \"\""), "");
  ask(terminal, "c", "c");
  EXPECT_EQ(terminal.order("/system"), "the model is told nothing first\r\n");
}

TEST_F(TerminalTest, ChangesSettings) {
  Terminal terminal(toy, {});
  EXPECT_EQ(terminal.order("/set predict 2"), "");
  ask(terminal, "abcd", "ab");
  EXPECT_EQ(terminal.order("/set predict two"),
            "--predict: expected an integer from -1 on, found 'two'\r\n");
  EXPECT_EQ(terminal.order("/set bogus 1"),
            "unknown setting 'bogus'; /set lists them all\r\n");
  EXPECT_EQ(terminal.order("/set predict 3 4"), "/set: expected one value\r\n");
  std::string list = terminal.order("/set");
  EXPECT_NE(list.find("  predict         2 "), std::string::npos) << list;
  EXPECT_NE(list.find("  temp            0 "), std::string::npos) << list;
}

TEST_F(TerminalTest, RepeatsItselfAfterSettingTheSeed) {
  Terminal terminal(toy, {"--temp", "50", "-n", "12"});
  terminal.order("/set seed 5");
  terminal.expect("> ");
  terminal.type("abc\n");
  terminal.expect("abc\r\n");
  std::string first = terminal.expect("> ");
  terminal.type("/set seed 5\n");
  EXPECT_EQ(terminal.order("/regen"), first.substr(0, first.size() - 2));
}

TEST_F(TerminalTest, ListsItsCommands) {
  Terminal terminal(toy, {});
  std::string help = terminal.order("/help");
  for (const char *name : {"/help", "/exit", "/clear", "/regen",
                           "/system [TEXT]", "/set [NAME VALUE]", "/stats"})
    EXPECT_NE(help.find(std::string(name).substr(0, 5)), std::string::npos)
        << name;
  EXPECT_EQ(terminal.order("/bogus"),
            "unknown command /bogus; /help lists them all, another / in front "
            "sends it\r\n");
}

TEST_F(TerminalTest, TakesAMessageOverSeveralLines) {
  Terminal terminal(toy, {});
  terminal.expect("> ");
  terminal.type("one\\\n");
  terminal.expect("| ");
  terminal.type("two\n");
  EXPECT_EQ(terminal.expect("> "), "two\r\none\r\ntwo\r\n> ");
}

TEST_F(TerminalTest, SaysWhenTheContextIsFull) {
  Terminal terminal(toy, {"-c", "40", "--keep", "-1"});
  terminal.expect("> ");
  terminal.type("~ab\n");
  terminal.expect("\r\n[the context of 40 tokens is full; /undo, /forget or "
                  "/clear make room]\r\n> ");
  terminal.type("more\n");
  terminal.expect("[this makes 49 tokens, the context holds 40]\r\n");
  terminal.order("/clear");
  ask(terminal, "hello", "hello");
}

TEST_F(TerminalTest, RefusesToContinueWithoutAPrompt) {
  Terminal terminal(toy, {"--raw"});
  terminal.expect("error: --raw: expected a prompt, from -p, -f or a pipe; a "
                  "terminal chats\r\n");
  EXPECT_EQ(terminal.code(), 1);
}

TEST_F(TerminalTest, ReportsBadOptionsWithoutChatting) {
  Terminal terminal(toy, {"-c", "1000"});
  terminal.expect("error: --ctx-size: compiled for at most 256 tokens, found "
                  "1000\r\n");
  EXPECT_EQ(terminal.code(), 1);
}
