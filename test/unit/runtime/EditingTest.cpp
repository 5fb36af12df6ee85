//===- EditingTest.cpp - Which keys make which message --------------------===//
//
// The toy says again what was sent.
//
//===----------------------------------------------------------------------===//

#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <algorithm>

using namespace tritc;
using test::Terminal;
using test::ToyModel;

namespace {
struct Typed {
  std::string keys; ///< up to Enter
  std::string message;
};

class Editing : public testing::Test {
protected:
  Editing() : terminal(toy, {}, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}) {
    terminal.expect("commands\r\n> ");
  }
  /// Types, sends, and returns as many of the last lines before the next
  /// prompt as the message has.
  std::string sent(const Typed &typed) {
    terminal.type(typed.keys + "\r");
    std::string shown = terminal.expect("\r\n> ");
    shown = shown.substr(0, shown.size() - 4);
    size_t lines = std::count(typed.message.begin(), typed.message.end(), '\n');
    size_t start = shown.size();
    for (size_t line = 0; line <= lines && start != std::string::npos; ++line)
      start = shown.rfind("\r\n", start - 1);
    std::string answer = shown.substr(start + 2), message;
    std::copy_if(answer.begin(), answer.end(), std::back_inserter(message),
                 [](char c) { return c != '\r'; });
    return message;
  }
  void check(std::initializer_list<Typed> all) {
    for (const Typed &typed : all)
      EXPECT_EQ(sent(typed), typed.message)
          << testing::PrintToString(typed.keys);
  }

  ToyModel toy;
  Terminal terminal;
};
} // namespace

TEST_F(Editing, MovesByCharactersAndLines) {
  check({{"ab\x1b[Dx", "axb"},
         {"ab\x1b[D\x1b[Cx", "abx"},
         {"ab\2x\6y", "axby"},
         {"bc\x1b[Ha\x1b[Fd", "abcd"},
         {"bc\x1bOHa\x1bOFd", "abcd"},
         {"bc\x1b[1~a\x1b[4~d", "abcd"},
         {"bc\1a\5d", "abcd"}});
}

TEST_F(Editing, MovesByWords) {
  check({{"one two\x1b"
          "bx",
          "one xtwo"},
         {"one two\x1b[1;5Dx", "one xtwo"},
         {"one two\x1b[1;3D\x1b[1;3Dx", "xone two"},
         {"one two\1\x1b"
          "fx",
          "onex two"},
         {"one two\1\x1b[1;5Cx", "onex two"}});
}

TEST_F(Editing, Erases) {
  check({{"abc\x7f", "ab"},
         {"abc\10", "ab"},
         {"abc\1\x1b[3~", "bc"},
         {"abc\1\4", "bc"},
         {"abc\x1b[3~", "abc"}});
}

TEST_F(Editing, CutsAndPutsBack) {
  check({{"one two\27x", "one x"},
         {"one two\25x", "x"},
         {"one two\1\13x", "x"},
         {"one two\x1b\x7fx", "one x"},
         {"one two\1\x1b"
          "dx",
          "x two"},
         {"one two\27x\1\31!", "two!one x"},
         {"one two\27\27\31", "one two"},
         {"ab\24", "ba"},
         {"abc\2\24", "acb"}});
}

TEST_F(Editing, UndoesChanges) {
  check({{"one two\27\37", "one two"}, {"a\25b\37\37", "a"}});
}

TEST_F(Editing, TakesWholeClusters) {
  const std::string family = "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"
                             "\xe2\x80\x8d\xf0\x9f\x91\xa7",
                    flag = "\xf0\x9f\x87\xab\xf0\x9f\x87\xae",
                    accent = "e\xcc\x81", heart = "\xe2\x9d\xa4\xef\xb8\x8f";
  for (const std::string &cluster : {family, flag, accent, heart})
    check({{"a" + cluster +
                "\x7f"
                "b",
            "ab"},
           {cluster + "b\x1b[D\x1b[Da", "a" + cluster + "b"},
           {"a" + cluster + "b\1\6\x1b[3~", "ab"}});
}

TEST_F(Editing, IgnoresKeysThatMeanNothing) {
  check({{"a\x1b[24~b", "ab"},
         {"a\x1b[200b", "a"},
         {"a\x1b]0;title\ab", "ab"},
         {"a\x1bOPb", "ab"},
         {"a\x1b[[Ab", "ab"},
         {"a\26b", "ab"}});
}

TEST_F(Editing, PastesLinesAsOneMessage) {
  check({{"\x1b[200~one\rtwo\x1b[201~", "one\ntwo"},
         {"\x1b[200~one\r\ntwo\nthree\x1b[201~", "one\ntwo\nthree"},
         {"x\x1b[200~a\\\nb\x1b[201~", "xa\\\nb"}});
}

TEST_F(Editing, DropsControlCharactersOfAPaste) {
  check({{"\x1b[200~a\x1b[31mb\3\4\x7f\x1a"
          "c\x1b[201~",
          "a[31mbc"},
         {"\x1b[200~a\xc2\x9b"
          "b\tc\x1b[201~",
          "ab\tc"}});
}

TEST_F(Editing, TakesSeveralLines) {
  check({{"one\\\rtwo", "one\ntwo"},
         {"one\x1b\rtwo", "one\ntwo"},
         {"one\x1b[13;2utwo", "one\ntwo"},
         {"\"\"\"\rone\rtwo\r\"\"\"", "one\ntwo"},
         {"\"\"\"one\"\"\"", "one"},
         {"one\\\rtwo\x1b[A!", "one!\ntwo"},
         {"one\\\rtwo\x1b[A\x1b[B!", "one\ntwo!"}});
}

TEST_F(Editing, BringsBackWhatWasSent) {
  check({{"first", "first"},
         {"second", "second"},
         {"\x1b[A", "second"},
         {"\20\20", "first"},
         {"draft\x1b[A\x1b[B", "draft"}});
}

TEST_F(Editing, SearchesWhatWasSent) {
  check({{"apples", "apples"},
         {"pears", "pears"},
         {"Grapes", "Grapes"},
         {"\22ap", "Grapes"},
         {"\22ap\22\22", "apples"},
         {"\22pea\x1b[D!", "pear!s"},
         {"kept\22ap\7", "kept"},
         {"kept\22nothing like it\3", "kept"}});
}

TEST_F(Editing, ClearsALineOnCtrlC) {
  check({{"gone\3kept", "kept"}});
  terminal.type("\3");
  terminal.expect("Ctrl-C again, Ctrl-D or /exit leaves\r\n> ");
  check({{"still here", "still here"}});
}

TEST_F(Editing, SendsMessagesThatBeginWithSlashes) {
  check({{"/usr/bin/env is what?", "/usr/bin/env is what?"},
         {"//help me", "/help me"},
         {"// comment", "// comment"},
         {"/ alone", "/ alone"},
         {"/Upper", "/Upper"}});
}

TEST_F(Editing, CompletesCommandsAndArguments) {
  terminal.type("/sys\tOne\r");
  terminal.expect("\r\n> ");
  terminal.type("/sy\r");
  EXPECT_NE(terminal.expect("\r\n> ").find("\r\nOne\r\n"), std::string::npos);
  terminal.type("/set pred\t5\r");
  terminal.expect("\r\n> ");
  terminal.type("/set predict\r");
  EXPECT_NE(terminal.expect("\r\n> ").find("  predict         5 "),
            std::string::npos);
}

TEST_F(Editing, ListsWhatTabMayMean) {
  terminal.type("/s\t\t");
  terminal.expect("/system  /set     /save    /stats\r\n");
}

TEST_F(Editing, UnderstandsBeginningsAndMistakes) {
  terminal.type("/sta\r");
  EXPECT_NE(terminal.expect("\r\n> ").find("context "), std::string::npos);
  terminal.type("/s\r");
  terminal.expect("/s may be /system, /set, /save or /stats\r\n> ");
  terminal.type("/hepl\r");
  terminal.expect("unknown command /hepl; did you mean /help?\r\n> ");
  terminal.type("/quit\r");
  EXPECT_EQ(terminal.code(), 0);
}

TEST_F(Editing, SetsInBothSpellings) {
  for (const char *assignment : {"temp=0.5", "temp 0.5", "temp = 0.5"}) {
    terminal.type("/set temp 0\r");
    terminal.expect("\r\n> ");
    terminal.type("/set " + std::string(assignment) + "\r");
    terminal.expect("\r\n> ");
    terminal.type("/set temp\r");
    EXPECT_NE(terminal.expect("\r\n> ").find("  temp            0.5 "),
              std::string::npos)
        << assignment;
  }
}

TEST_F(Editing, TakesInputOfAnyLength) {
  std::string megabyte(1 << 20, 'x');
  terminal.type("\x1b[200~" + megabyte + "\x1b[201~\r");
  // Four tokens of marks; the toy merges nothing of it.
  terminal.expect("[this makes 1048580 tokens, the context holds 256]\r\n> ");
  std::string line(9000, 'y');
  terminal.type(line + "\r");
  terminal.expect("[this makes 9004 tokens, the context holds 256]\r\n> ");
}
