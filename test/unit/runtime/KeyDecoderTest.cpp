//===- KeyDecoderTest.cpp - From a terminal's bytes to keys ---------------===//

#include "runtime/terminal/KeyDecoder.h"

#include "gtest/gtest.h"

#include <string>

using namespace tritc;
using namespace tritc::terminal;

static std::string describe(const Key &key) {
  std::string text = key.alt ? "Alt-" : "";
  text += key.control ? "Ctrl-" : "";
  text += key.shift ? "Shift-" : "";
  if (key.code == Text || key.code == Paste)
    return std::string(key.code == Text ? "" : "paste ") +
           std::string(key.text);
  return text + (key.code < FirstKey
                     ? std::string(1, char(key.code))
                     : "#" + std::to_string(key.code - FirstKey));
}

/// Keys of `bytes`, fed in pieces; runs of text are joined.
static std::string decode(const std::string &bytes, size_t piece,
                          bool isAll = true) {
  KeyDecoder decoder;
  std::string all;
  Key key;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    std::string fed = bytes.substr(at, piece);
    decoder.feed(fed);
    while (decoder.next(key) == KeyDecoder::Result::Key)
      all += key.code == Text ? describe(key) : "<" + describe(key) + ">";
  }
  while (isAll && decoder.next(key, true) == KeyDecoder::Result::Key)
    all += key.code == Text ? describe(key) : "<" + describe(key) + ">";
  return all;
}

static std::string number(KeyCode code) {
  return "#" + std::to_string(code - FirstKey);
}

TEST(KeyDecoder, ReadsTheSameKeysHoweverBytesArrive) {
  const std::pair<std::string, std::string> all[] = {
      {"a\xc3\xbc\xf0\x9f\x98\x80z", "a\xc3\xbc\xf0\x9f\x98\x80z"},
      {"\x1b[A\x1bOB", "<" + number(Up) + "><" + number(Down) + ">"},
      {"\x1b[1;5C\x1b[3;3~",
       "<Ctrl-" + number(Right) + "><Alt-" + number(Delete) + ">"},
      {"\x1b\x1b[C", "<Alt-" + number(Right) + ">"},
      {"\x1b[97;5u\x1b[27;5;98~", "<Ctrl-a><Ctrl-b>"},
      {"\1\x1b"
       "b",
       "<Ctrl-a><Alt-b>"},
      {"\r\t\x7f", "<" + number(Enter) + "><" + number(Tab) + "><" +
                       number(Backspace) + ">"},
      {"\x1b[200~a\x1b[Bb\r\x1b[201~c", "<paste a\x1b[Bb\r>c"},
      {"\x1b[200~\x1b[201~x", "<paste >x"},
  };
  for (const auto &[bytes, keys] : all)
    for (size_t piece = 1; piece <= bytes.size(); ++piece)
      EXPECT_EQ(decode(bytes, piece), keys)
          << testing::PrintToString(bytes) << " by " << piece;
}

TEST(KeyDecoder, WaitsForTheRest) {
  for (const char *begin : {"\x1b", "\x1b[", "\x1b[1;", "\x1bO", "\xf0\x9f",
                            "\x1b[200~abc", "\x1b]0;title"})
    EXPECT_EQ(decode(begin, 1, /*isAll=*/false), "")
        << testing::PrintToString(begin);
}

TEST(KeyDecoder, TakesWhatIsCutOffAsItIs) {
  EXPECT_EQ(decode("\x1b", 1), "<" + number(Escape) + ">");
  EXPECT_EQ(decode("\x1b[", 1), "<Alt-[>");
  EXPECT_EQ(decode("\x1b[200~ab", 1), "<paste ab>");
  EXPECT_EQ(decode("\x1b\x1b", 1),
            "<" + number(Escape) + "><" + number(Escape) + ">");
}

TEST(KeyDecoder, TakesInterruptsOut) {
  KeyDecoder decoder;
  decoder.feed("ab\3c");
  EXPECT_TRUE(decoder.takeInterrupts());
  EXPECT_FALSE(decoder.takeInterrupts());
  Key key;
  ASSERT_EQ(decoder.next(key), KeyDecoder::Result::Key);
  EXPECT_EQ(key.text, "abc");
}
