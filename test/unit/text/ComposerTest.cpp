//===- ComposerTest.cpp - Unicode's normal form NFC -----------------------===//
//
// ICU is the second opinion.
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Composer.h"
#include "compiler/import/TokenizerCodePoints.h"
#include "compiler/import/TokenizerNormalForm.h"
#include "runtime/text/Utf8.h"
#include "test/unit/text/TestTokenizer.h"

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <chrono>
#include <random>

using namespace tritc;

namespace {
class Composing {
public:
  Composing() : tokenizer(model()), tables(tokenizer.tables().data()) {}

  std::string operator()(std::string_view text) const {
    exec::Array<char> out;
    text::appendComposed(tables, text, out);
    return std::string(out.view());
  }

private:
  static import::TokenizerModel model() {
    import::TokenizerModel model = test::modelOf({});
    model.composes = true;
    return model;
  }

  test::TestTokenizer tokenizer;
  text::Tables tables;
};
} // namespace

static const Composing &composed() {
  static const Composing composing;
  return composing;
}

static std::string toUtf8(const std::vector<UChar32> &points) {
  exec::Array<char> bytes;
  for (UChar32 point : points)
    text::appendUtf8(uint32_t(point), bytes);
  return std::string(bytes.view());
}

static std::string byIcu(const std::vector<UChar32> &points) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
  std::u16string text(points.size() * 2, u'\0'), result(text.size() * 8, u'\0');
  int32_t size = 0;
  u_strFromUTF32(text.data(), int32_t(text.size()), &size, points.data(),
                 int32_t(points.size()), &status);
  int32_t count = unorm2_normalize(nfc, text.data(), size, result.data(),
                                   int32_t(result.size()), &status);
  std::string bytes(size_t(count) * 3, '\0');
  u_strToUTF8(bytes.data(), int32_t(bytes.size()), &size, result.data(), count,
              &status);
  EXPECT_TRUE(U_SUCCESS(status)) << u_errorName(status);
  bytes.resize(size_t(size));
  return bytes;
}

static bool isSurrogate(UChar32 point) {
  return point >= 0xd800 && point <= 0xdfff;
}

static bool sameUnicode() {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  return import::unicodeVersion() ==
         uint32_t(version[0] << 16 | version[1] << 8 | version[2]);
}

TEST(Composer, ComposesAndOrders) {
  EXPECT_EQ(composed()("Cafe\u0301"), "Caf\u00e9");
  EXPECT_EQ(composed()("a\u0301\u0323b"), "\u1ea1\u0301b");
  EXPECT_EQ(composed()("\u0301a"), "\u0301a");
  EXPECT_EQ(composed()("\u212b"), "\u00c5");       // the sign of the angstrom
  EXPECT_EQ(composed()("\u0958"), "\u0915\u093c"); // never composed
  EXPECT_EQ(composed()("\u1112\u1161\u11ab"), "\ud55c");
  EXPECT_EQ(composed()("\ud558\u11ab"), "\ud55c");
  EXPECT_EQ(composed()(""), "");
}

TEST(Composer, EqualsIcuOnEveryCharacter) {
  if (!sameUnicode())
    GTEST_SKIP() << "utf8proc and ICU hold different versions of Unicode";
  for (UChar32 point = 0; point < 0x110000; ++point) {
    if (isSurrogate(point))
      continue;
    for (const std::vector<UChar32> &text :
         {std::vector<UChar32>{point},
          std::vector<UChar32>{'e', point, 0x301, point},
          std::vector<UChar32>{point, 0x0300, 0x0323, 0x11a8, 'x'}})
      ASSERT_EQ(composed()(toUtf8(text)), byIcu(text)) << std::hex << point;
  }
}

TEST(Composer, EqualsIcuOnMixtures) {
  if (!sameUnicode())
    GTEST_SKIP() << "utf8proc and ICU hold different versions of Unicode";
  // What decomposes, what combines, and parts of Hangul.
  std::vector<UChar32> pool;
  for (UChar32 point = 0; point < 0x110000; ++point) {
    if (isSurrogate(point))
      continue;
    std::string one = toUtf8({point});
    if (u_getCombiningClass(point) || !import::isComposed(one) ||
        (point >= 0x1100 && point < 0x1200) || point % 997 == 0)
      pool.push_back(point);
  }
  std::mt19937 random(3);
  for (int round = 0; round < 60000; ++round) {
    std::vector<UChar32> text;
    for (size_t i = random() % 12; i > 0; --i)
      text.push_back(random() % 4 ? pool[random() % pool.size()]
                                  : UChar32("aeoAK<=;i"[random() % 9]));
    ASSERT_EQ(composed()(toUtf8(text)), byIcu(text)) << toUtf8(text);
  }
}

TEST(Composer, TakesLittleTimeForManyMarks) {
  std::string text = "a";
  for (int i = 0; i < 200000; ++i)
    text += i % 2 ? "\u0301" : "\u0323";
  auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(composed()(text).size(),
            text.size()); // one mark in three bytes with its letter
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}
