//===- ComposerTest.cpp - Unicode's normal forms --------------------------===//
//
// ICU is the second opinion.
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Composer.h"
#include "compiler/import/tokenizer/TokenizerCodePoints.h"
#include "compiler/import/tokenizer/TokenizerNormalForm.h"
#include "runtime/text/Utf8.h"
#include "test/unit/text/TestTokenizer.h"

#include "llvm/ADT/STLExtras.h"

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <chrono>
#include <random>

using namespace tritc;

using import::NormalForm;

namespace {
class Normalizing {
public:
  explicit Normalizing(NormalForm form)
      : tokenizer(model(form)), tables(tokenizer.tables().data()) {}

  std::string operator()(std::string_view text) const {
    base::Array<char> out;
    text::appendNormalForm(tables, text, out);
    return std::string(out.view());
  }

private:
  static import::TokenizerModel model(NormalForm form) {
    import::TokenizerModel model = test::modelOf({});
    model.normalForm = form;
    return model;
  }

  test::TestTokenizer tokenizer;
  text::Tables tables;
};
} // namespace

constexpr NormalForm forms[] = {NormalForm::NFC, NormalForm::NFD,
                                NormalForm::NFKC, NormalForm::NFKD};

static const Normalizing &normalized(NormalForm form) {
  static const Normalizing all[] = {
      Normalizing(NormalForm::NFC), Normalizing(NormalForm::NFD),
      Normalizing(NormalForm::NFKC), Normalizing(NormalForm::NFKD)};
  return all[llvm::find(forms, form) - std::begin(forms)];
}

static const Normalizing &composed() { return normalized(NormalForm::NFC); }

static std::string toUtf8(const std::vector<UChar32> &points) {
  base::Array<char> bytes;
  for (UChar32 point : points)
    text::appendUtf8(uint32_t(point), bytes);
  return std::string(bytes.view());
}

static const UNormalizer2 *normalizerOf(NormalForm form, UErrorCode &status) {
  switch (form) {
  case NormalForm::NFC:
    return unorm2_getNFCInstance(&status);
  case NormalForm::NFD:
    return unorm2_getNFDInstance(&status);
  case NormalForm::NFKC:
    return unorm2_getNFKCInstance(&status);
  default:
    return unorm2_getNFKDInstance(&status);
  }
}

static std::string byIcu(const std::vector<UChar32> &points, NormalForm form) {
  UErrorCode status = U_ZERO_ERROR;
  std::u16string text(points.size() * 2 + 1, u'\0'),
      result(text.size() * 20, u'\0');
  int32_t size = 0;
  u_strFromUTF32(text.data(), int32_t(text.size()), &size, points.data(),
                 int32_t(points.size()), &status);
  int32_t count =
      unorm2_normalize(normalizerOf(form, status), text.data(), size,
                       result.data(), int32_t(result.size()), &status);
  std::string bytes(size_t(count) * 3, '\0');
  u_strToUTF8(bytes.data(), int32_t(bytes.size()), &size, result.data(), count,
              &status);
  EXPECT_TRUE(U_SUCCESS(status)) << u_errorName(status);
  bytes.resize(size_t(size));
  return bytes;
}

/// By Unicode 9, in which characters of later versions are inert.
static std::string byIcu9(const std::vector<UChar32> &points, NormalForm form) {
  std::string bytes;
  std::vector<UChar32> part;
  for (UChar32 point : points) {
    UVersionInfo age;
    u_charAge(point, age);
    if (age[0] <= 9) {
      part.push_back(point);
      continue;
    }
    bytes += byIcu(part, form) + toUtf8({point});
    part.clear();
  }
  return bytes + byIcu(part, form);
}

static bool isSurrogate(UChar32 point) {
  return point >= 0xd800 && point <= 0xdfff;
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

TEST(Composer, TakesVariantsForOneCharacter) {
  const Normalizing &nfkc = normalized(NormalForm::NFKC);
  EXPECT_EQ(nfkc("\ufb01\u00b2\uff21"), "fi2A");
  EXPECT_EQ(nfkc("\u017f\u0323\u0307"), "\u1e69");
  EXPECT_EQ(normalized(NormalForm::NFKD)("\u1e69\uff76\uff9e"),
            "s\u0323\u0307\u30ab\u3099");
  EXPECT_EQ(normalized(NormalForm::NFD)("\ud55c\ufb01"),
            "\u1112\u1161\u11ab\ufb01");
}

/// Marks and letters of Unicode 11 and 13.
TEST(Composer, LeavesWhatUnicode9DoesNotHave) {
  EXPECT_EQ(composed()("a\u0301\u07fd\u0323"), "\u00e1\u07fd\u0323");
  EXPECT_EQ(composed()("\U00011935\U00011930"), "\U00011935\U00011930");
}

TEST(Composer, EqualsIcuOnEveryCharacter) {
  for (NormalForm form : forms)
    for (UChar32 point = 0; point < 0x110000; ++point) {
      // The last planes have nothing that decomposes.
      if (isSurrogate(point) || (point >= 0x32000 && point % 61 != 0))
        continue;
      for (const std::vector<UChar32> &text :
           {std::vector<UChar32>{'e', point, 0x301, point},
            std::vector<UChar32>{point, 0x0300, 0x0323, 0x11a8, 'x'}})
        ASSERT_EQ(normalized(form)(toUtf8(text)), byIcu9(text, form))
            << std::hex << point;
    }
}

TEST(Composer, EqualsIcuOnMixtures) {
  // What decomposes, what combines, and parts of Hangul.
  std::vector<UChar32> pool;
  for (UChar32 point = 0; point < 0x110000; ++point) {
    if (isSurrogate(point))
      continue;
    std::string one = toUtf8({point});
    if (u_getCombiningClass(point) || !import::isNormal(one, NormalForm::NFC) ||
        (point >= 0x1100 && point < 0x1200) || point % 997 == 0)
      pool.push_back(point);
  }
  std::mt19937 random(3);
  for (int round = 0; round < 60000; ++round) {
    std::vector<UChar32> text;
    for (size_t i = random() % 12; i > 0; --i)
      text.push_back(random() % 4 ? pool[random() % pool.size()]
                                  : UChar32("aeoAK<=;i"[random() % 9]));
    NormalForm form = forms[round % std::size(forms)];
    ASSERT_EQ(normalized(form)(toUtf8(text)), byIcu9(text, form))
        << toUtf8(text);
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
