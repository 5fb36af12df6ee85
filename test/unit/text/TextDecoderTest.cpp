//===- TextDecoderTest.cpp - Marks, wide characters, ends of lines --------===//

#include "runtime/text/TextDecoder.h"

#include "gtest/gtest.h"

#include <string>

using namespace tritc;
using namespace std::string_literals;
using text::TextDecoder;

/// The text of `bytes` that come `step` at a time, or the name of the encoding
/// that they break.
static std::string decoded(std::string_view bytes, size_t step) {
  TextDecoder decoder;
  base::Array<char> text;
  for (size_t at = 0; at < bytes.size(); at += step)
    decoder.add(bytes.substr(at, step), text);
  decoder.finish(text);
  if (decoder.malformed())
    return decoder.malformed();
  return std::string(text.view());
}

/// Expects the same text however the bytes are cut.
static void expectText(std::string_view bytes, std::string_view text) {
  for (size_t step = 1; step <= bytes.size() + 1; ++step)
    EXPECT_EQ(decoded(bytes, step), text) << step;
}

TEST(TextDecoder, LeavesPlainTextAlone) {
  expectText("", "");
  expectText("a", "a");
  expectText("ab\xc3\xa4\xff\n", "ab\xc3\xa4\xff\n");
  expectText("\0\0a\0"s, "\0\0a\0"s);
}

TEST(TextDecoder, RemovesTheMarkAtTheBeginningOnly) {
  expectText("\xef\xbb\xbf", "");
  expectText("\xef\xbb\xbf"
             "a\xef\xbb\xbf",
             "a\xef\xbb\xbf");
  expectText("\xef\xbb", "\xef\xbb");
}

TEST(TextDecoder, EndsLinesWithOneCharacter) {
  expectText("a\r\nb\r\n", "a\nb\n");
  expectText("a\rb\r", "a\rb\r");
  expectText("\r\r\n\n\r", "\r\n\n\r");
}

TEST(TextDecoder, ReadsWideCharactersInEitherOrder) {
  expectText("\xff\xfe", "");
  expectText("\xfe\xff\0A\x20\xac"s, "A\u20ac");
  expectText("\xff\xfe"
             "A\0\xac\x20\r\0\n\0\x3d\xd8\x00\xde"s,
             "A\u20ac\n\U0001f600");
  expectText("\xfe\xff\xd8\x3d\xde\x00"s, "\U0001f600");
  expectText("\xff\xfe\0\0A\0\0\0\0\xf6\x01\0"s, "A\U0001f600");
  expectText("\0\0\xfe\xff\0\0\0A"s, "A");
}

TEST(TextDecoder, SaysWhichEncodingIsBroken) {
  expectText("\xff\xfe"
             "A"s,
             "UTF-16");                      // half a unit
  expectText("\xff\xfe\x3d\xd8"s, "UTF-16"); // half a pair
  expectText("\xff\xfe\x3d\xd8"
             "A\0"s,
             "UTF-16");                                        // no second half
  expectText("\xff\xfe\x00\xde"s, "UTF-16");                   // no first half
  expectText("\xff\xfe\0\0\0\0\x11\0"s, "UTF-32");             // too large
  expectText("\xff\xfe\0\0\x3d\xd8\0\0\0\xde\0\0"s, "UTF-32"); // a pair
}
