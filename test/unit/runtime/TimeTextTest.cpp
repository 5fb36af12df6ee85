//===- TimeTextTest.cpp - Times as glibc shows them -----------------------===//
//
// The oracle is the C library of the machine that tests run on.
//
//===----------------------------------------------------------------------===//

#include "runtime/abi/TimeText.h"

#include <gtest/gtest.h>

#include <string>

namespace {

tm timeAt(time_t seconds) {
  tm time;
  gmtime_r(&seconds, &time);
  return time;
}

std::string ours(const std::string &format, const tm &time, size_t size = 65) {
  std::string text(size, '?');
  text.resize(tritc_time_text(text.data(), size, format.c_str(), time));
  return text;
}

#ifdef __GLIBC__
TEST(TimeText, IsWhatGlibcShows) {
  for (time_t seconds : {0, 951782400, 1700000000, 1704157505, 1735603200}) {
    tm time = timeAt(seconds);
    for (const char *flags :
         {"",   "-",  "_", "0",  "^",  "#",   "E",  "O",  "5",   "05",
          "_5", "-5", "+", "12", "_^", "^10", "-E", "5O", "#12", "5O%"})
      for (char letter = '!'; letter <= '~'; ++letter) {
        if (strchr("EO-_#^+0123456789", letter) || (letter == 'z' && *flags))
          continue;
        std::string format = std::string("<%") + flags + letter + ">";
        char expected[65];
        size_t length = strftime(expected, 65, format.c_str(), &time);
        EXPECT_EQ(ours(format, time), std::string(expected, length)) << format;
      }
  }
}
#endif

TEST(TimeText, ShowsTheLettersThatOtherLibrariesLack) {
  tm time = timeAt(1704157505); // 2024-01-02 01:05:05
  EXPECT_EQ(ours("%-d %b %Y, %k|%l%P|%-I", time), "2 Jan 2024,  1| 1am|1");
  EXPECT_EQ(ours("%^a %#p %10B", time), "TUE am    January");
}

TEST(TimeText, LeavesAMistakeAsItIs) {
  tm time = timeAt(0);
  EXPECT_EQ(ours("%Q %", time), "%Q %");
  EXPECT_EQ(ours("%Y%-", time), "1970%-");
}

TEST(TimeText, ATextThatDoesNotFitIsEmpty) {
  tm time = timeAt(0);
  EXPECT_EQ(ours("%Y-%m-%d", time, 11), "1970-01-01");
  EXPECT_EQ(ours("%Y-%m-%d", time, 10), "");
  EXPECT_EQ(ours("%Y%", time, 5), "");
  EXPECT_EQ(ours("%999d", time), "");
  EXPECT_EQ(ours("%99999999999999999999d", time), "");
}

} // namespace
