//===- Utf8Test.cpp - Broken UTF-8 and streams of it ----------------------===//

#include "runtime/text/Utf8.h"
#include "runtime/text/Utf8Stream.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

using namespace tritc;
using namespace tritc::text;

static std::string repaired(std::string_view bytes) {
  base::Array<char> out;
  appendWellFormed(bytes, out);
  return std::string(out.view());
}

static std::string encodeUtf8(uint32_t value) {
  std::string out;
  if (value < 0x80)
    return std::string(1, static_cast<char>(value));
  int trailing = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
  static constexpr uint8_t leads[] = {0, 0xc0, 0xe0, 0xf0};
  out.push_back(static_cast<char>(leads[trailing] | value >> (6 * trailing)));
  while (trailing-- > 0)
    out.push_back(static_cast<char>(0x80 | (value >> (6 * trailing) & 0x3f)));
  return out;
}

TEST(Utf8, DecodesEveryCodePoint) {
  for (uint32_t value = 0; value < 0x110000; ++value) {
    if (value >= 0xd800 && value < 0xe000)
      continue;
    std::string bytes = encodeUtf8(value);
    CodePoint point = decodeUtf8(bytes, 0);
    ASSERT_TRUE(point.wellFormed) << value;
    ASSERT_EQ(point.value, value);
    ASSERT_EQ(point.length, bytes.size());
  }
}

// The table of Unicode 15, section 3.9, "U+FFFD for maximal subparts".
TEST(Utf8, ReplacesMaximalSubparts) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(repaired("\xf1\x80\x80\xe1\x80\xc2\x61"), r + r + r + "a");
  EXPECT_EQ(repaired("\x61\x80\x62"), "a" + r + "b");
  EXPECT_EQ(repaired("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"),
            r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(repaired("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"),
            r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(repaired("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"),
            r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(repaired("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"),
            r + r + r + r + "A");
}

TEST(Utf8, KeepsWhatIsWellFormed) {
  EXPECT_EQ(repaired("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
            "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(repaired(std::string_view("\0", 1)), std::string(1, '\0'));
  EXPECT_EQ(repaired(""), "");
}

TEST(Utf8Stream, NeverSplitsACharacter) {
  const std::string text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80!";
  Utf8Stream stream;
  std::string out;
  for (char byte : text) {
    std::string_view piece = stream.push({&byte, 1});
    EXPECT_EQ(wellFormedPrefix(piece), piece.size());
    out += piece;
  }
  EXPECT_EQ(stream.flush(), "");
  EXPECT_EQ(out, text);
}

TEST(Utf8Stream, HoldsBackOnlyWhatMayStillBecomeACharacter) {
  Utf8Stream stream;
  EXPECT_EQ(stream.push("ab\xf0\x9f"), "ab");
  EXPECT_EQ(stream.push("\x98"), "");
  EXPECT_EQ(stream.push("\x80"), "\xf0\x9f\x98\x80");
  EXPECT_EQ(stream.push("\xf0\x80"), "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Utf8Stream, FlushReplacesABrokenTailOnce) {
  Utf8Stream stream;
  EXPECT_EQ(stream.push("x\xf0\x9f\x98"), "x");
  EXPECT_EQ(stream.flush(), "\xef\xbf\xbd");
  EXPECT_EQ(stream.flush(), "");
  EXPECT_EQ(stream.push("\x80y"), "\xef\xbf\xbdy");
}

TEST(Utf8Stream, OutputDoesNotDependOnTheCuts) {
  std::mt19937 random(7);
  const std::string alphabet = "a\x80\xbf\xc3\xa9\xe2\x82\xac\xed\xa0\xf0\x9f"
                               "\x98\xf4\x90\xff";
  for (int round = 0; round < 20000; ++round) {
    std::string bytes;
    for (size_t i = random() % 12; i > 0; --i)
      bytes.push_back(alphabet[random() % alphabet.size()]);
    Utf8Stream stream;
    std::string out;
    for (size_t start = 0; start < bytes.size();) {
      size_t count = std::min<size_t>(random() % 4, bytes.size() - start);
      std::string_view piece =
          stream.push(std::string_view(bytes).substr(start, count));
      ASSERT_EQ(wellFormedPrefix(piece), piece.size());
      out += piece;
      start += count;
    }
    out += stream.flush();
    ASSERT_EQ(out, repaired(bytes));
  }
}
