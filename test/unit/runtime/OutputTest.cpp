//===- OutputTest.cpp -----------------------------------------------------===//

#include "runtime/chat/Output.h"
#include "runtime/chat/Report.h"

#include "gtest/gtest.h"

#include <fcntl.h>
#include <signal.h>
#include <string>
#include <unistd.h>

using namespace tritc;

/// Everything printed by `print(Output &)`, which fits into a pipe.
template <typename Print>
static std::string printed(Print &&print) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  {
    chat::Output out(ends[1]);
    print(out);
  }
  close(ends[1]);
  std::string text(60000, 0);
  size_t size = 0;
  for (ssize_t got;
       (got = read(ends[0], text.data() + size, text.size() - size)) > 0;)
    size += static_cast<size_t>(got);
  close(ends[0]);
  text.resize(size);
  return text;
}

TEST(Output, KeepsTheOrderOfSmallAndLargePieces) {
  std::string large(40000, 'x');
  EXPECT_EQ(printed([&](chat::Output &out) {
              out.write("a");
              out.write(large);
              out.print("%d", 12);
            }),
            "a" + large + "12");
}

TEST(Output, EndsQuietlyWhenTheReaderHasGone) {
  signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  chat::Output out(ends[1]);
  EXPECT_FALSE(out.failure());
  out.write("text");
  out.flush();
  EXPECT_TRUE(out.hasFailed());
  EXPECT_EQ(out.failure().code, base::OutputFailed);
  EXPECT_STREQ(out.failure().message, "");
  close(ends[1]);
}

TEST(Output, SaysThatTheDiskIsFull) {
  int full = open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  chat::Output out(full);
  out.write("text");
  out.flush();
  EXPECT_STREQ(out.failure().message, "cannot write: No space left on device");
  close(full);
}

TEST(Escapes, KeepATokenOnOneLine) {
  EXPECT_EQ(printed([](chat::Output &out) {
              chat::writeEscaped(out, "a\n\r\t\\\x01\x7f\xc3\xa9\xff");
            }),
            "a\\n\\r\\t\\\\\\x01\\x7f\xc3\xa9\\xff");
}

TEST(Escapes, MakeJsonOfAnyBytes) {
  EXPECT_EQ(printed([](chat::Output &out) {
              chat::writeJsonString(out, "a\"\\\n\x7f\xc3\xa9\xff");
            }),
            "\"a\\\"\\\\\\u000a\\u007f\xc3\xa9\\ufffd\"");
}

TEST(Report, IsLinesOrJson) {
  auto fill = [](chat::Report &&report) {
    report.text("name", "a\nb");
    report.integer("count", 18446744073709551615u);
    report.number("speed", 1.5, 2);
  };
  EXPECT_EQ(printed([&](chat::Output &out) { fill({out, false}); }),
            "name a\\nb\ncount 18446744073709551615\nspeed 1.50\n");
  EXPECT_EQ(printed([&](chat::Output &out) { fill({out, true}); }),
            "{\n  \"name\": \"a\\u000ab\",\n  \"count\": "
            "18446744073709551615,\n  \"speed\": 1.50\n}\n");
}
