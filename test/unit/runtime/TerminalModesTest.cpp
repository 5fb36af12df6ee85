//===- TerminalModesTest.cpp - Terminals are shared and given back --------===//

#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tritc;
using test::Environment;
using test::Terminal;
using test::ToyModel;

namespace {
class TerminalModes : public testing::Test {
protected:
  static Environment xterm(Environment more = {}) {
    Environment all = {{"TERM", "xterm"}, {"NO_COLOR", "1"}};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  static double seconds() {
    return std::chrono::duration<double>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

  ToyModel toy;
};
} // namespace

static const std::string givenBack = "\x1b[0m\x1b[?7h\x1b[?2004l";

TEST_F(TerminalModes, AreRestoredAtTheEnd) {
  for (const char *farewell : {"\4", "/exit\r", "/bye\r", "\3\3"}) {
    Terminal terminal(toy, {}, xterm());
    terminal.expect("> ");
    EXPECT_FALSE(terminal.isAsFound());
    terminal.type(farewell);
    terminal.expect(givenBack);
    EXPECT_EQ(terminal.code(), *farewell == '\3' ? 130 : 0);
    EXPECT_TRUE(terminal.isAsFound()) << testing::PrintToString(farewell);
  }
}

TEST_F(TerminalModes, AreRestoredWhenKilled) {
  for (int signal : {SIGTERM, SIGHUP, SIGQUIT, SIGSEGV, SIGABRT})
    for (const char *before : {"x", "~ab\r"}) { // at the prompt, in an answer
      Terminal terminal(toy, {}, xterm());
      terminal.expect("> ");
      terminal.type(before);
      terminal.expect(before[1] ? "~ab~ab" : "x");
      terminal.send(signal);
      terminal.expect(givenBack);
      EXPECT_EQ(terminal.code(), -1);
      EXPECT_TRUE(terminal.isAsFound()) << signal;
    }
}

TEST_F(TerminalModes, ComeBackAfterAStop) {
  Terminal terminal(toy, {}, xterm());
  terminal.expect("> ");
  terminal.type("half");
  terminal.expect("half");
  // As a shell's child would: whoever leads a session is not stopped by Ctrl-Z.
  terminal.type("\x1a");
  terminal.expect(givenBack);
  terminal.expect("> half");
  terminal.type(" whole\r");
  terminal.expect("\r\nhalf whole\r\n> ");
}

TEST_F(TerminalModes, KeepWhatIsTypedDuringAnAnswer) {
  Terminal terminal(toy, {}, xterm());
  terminal.expect("> ");
  terminal.type("~ab\r");
  terminal.expect("~ab~ab");
  terminal.type("next");
  std::string answer = terminal.expect("~ab~ab~ab~ab");
  terminal.type("\3");
  answer += terminal.expect("[stopped]\r\n> ");
  EXPECT_EQ(answer.find("ne"), std::string::npos) << answer;
  terminal.expect("next");
  terminal.type(" one\r");
  terminal.expect("\r\nnext one\r\n> ");
}

TEST_F(TerminalModes, SendWhatWasTypedAheadWithEnter) {
  Terminal terminal(toy, {}, xterm());
  terminal.expect("> ");
  terminal.type("one\rtwo\rthree\r");
  terminal.expect("\r\none\r\n> ");
  terminal.expect("\r\ntwo\r\n> ");
  terminal.expect("\r\nthree\r\n> ");
}

TEST_F(TerminalModes, StopAnAnswerAtOnce) {
  Terminal terminal(toy, {}, xterm());
  terminal.expect("> ");
  terminal.type("~ab\r");
  terminal.expect("~ab~ab");
  double before = seconds();
  terminal.type("\3");
  terminal.expect("[stopped]");
  EXPECT_LT(seconds() - before, 1); // 100 ms, on a machine that is not busy
}

TEST_F(TerminalModes, TakeLongLinesWithoutEscapeSequences) {
  Terminal terminal(toy, {}, {{"TERM", "dumb"}});
  terminal.expect("> ");
  terminal.type(std::string(9000, 'y') + "\n");
  EXPECT_EQ(terminal.expect("\r\n"), std::string(9000, 'y') + "\r\n");
  terminal.expect("[this makes 9004 tokens, the context holds 256]\r\n> ");
  terminal.type("ab\x1b[Dc\x7f"
                "d\n");
  EXPECT_EQ(terminal.expect("\r\n"), "abc\b \bd\r\n");
  EXPECT_EQ(terminal.expect("\r\n"), "abd\r\n");
}

TEST_F(TerminalModes, HaveColoursUnlessUnwanted) {
  const struct {
    Environment environment;
    bool isColoured;
  } all[] = {
      {{{"TERM", "xterm"}}, true},
      {{{"TERM", "xterm"}, {"NO_COLOR", ""}}, true},
      {{{"TERM", "xterm"}, {"NO_COLOR", "1"}}, false},
      {{{"TERM", "xterm"}, {"CLICOLOR", "0"}}, false},
      {{{"TERM", "dumb"}}, false},
      {{{"TERM", "dumb"}, {"CLICOLOR_FORCE", "1"}}, true},
      {{{"TERM", "xterm"}, {"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}, false},
  };
  for (const auto &[environment, isColoured] : all) {
    Terminal terminal(toy, {"-v"}, environment);
    terminal.expect("> ");
    terminal.type("a\r");
    std::string note = terminal.expect(" tokens/s, the first after");
    EXPECT_EQ(note.find("\x1b[2m[") != std::string::npos, isColoured)
        << testing::PrintToString(environment) << note;
  }
}

TEST_F(TerminalModes, LendTheTerminalToAnEditor) {
  char script[] = "/tmp/tritc-editor-XXXXXX";
  close(mkstemp(script));
  std::ofstream(script) << "stty -a | grep -q ' icanon' && "
                           "printf 'edited\\nlines\\n' >> \"$1\"\n";
  Terminal terminal(toy, {}, xterm({{"EDITOR", "sh " + std::string(script)}}));
  terminal.expect("> ");
  terminal.type("begun, \7");
  terminal.expect("| lines");
  terminal.type("\r");
  terminal.expect("\r\nbegun, edited\r\nlines\r\n> ");
  terminal.type("/edit more \r");
  terminal.expect("| lines");
  terminal.type("\r");
  terminal.expect("\r\nmore edited\r\nlines\r\n> ");
  unlink(script);
}

TEST_F(TerminalModes, SayWhenAnEditorFails) {
  Terminal terminal(toy, {}, xterm({{"VISUAL", "false"}}));
  terminal.expect("> ");
  terminal.type("kept\7");
  terminal.expect("the editor 'false' failed; $VISUAL or $EDITOR names "
                  "another\r\n> kept");
  terminal.type("\r");
  terminal.expect("\r\nkept\r\n> ");
}

TEST_F(TerminalModes, AttachAFile) {
  char name[] = "/tmp/tritc-attached-XXXXXX";
  close(mkstemp(name));
  std::ofstream(name) << "file\n";
  Terminal terminal(toy, {}, xterm());
  terminal.expect("> ");
  terminal.type("/read " + std::string(name).substr(0, sizeof(name) - 4) +
                "\t\r");
  terminal.expect(" tokens go in front of the next message]\r\n> ");
  terminal.type("what?\r");
  terminal.expect(std::string(name + 5) +
                  ":\r\n```\r\nfile\r\n```\r\n\r\nwhat?\r\n> ");
  terminal.type("and now?\r");
  terminal.expect("\r\nand now?\r\n> ");
  std::ofstream(name) << std::string(300, 'x');
  terminal.type("/read " + std::string(name) + "\r");
  terminal.expect("tokens, the context holds 256\r\n> ");
  terminal.type("/read /nowhere\r");
  terminal.expect("/nowhere: cannot read: No such file or directory\r\n> ");
  unlink(name);
}
