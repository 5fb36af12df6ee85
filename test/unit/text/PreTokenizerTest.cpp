//===- PreTokenizerTest.cpp - Cutting text into pieces --------------------===//
//
// ICU's regular expressions are the second opinion on the hand-written matcher,
// its character data on the class table.
//
//===----------------------------------------------------------------------===//

#include "runtime/text/PreTokenizer.h"
#include "test/unit/text/TestTokenizer.h"

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include <chrono>
#include <random>

using namespace tritc;
using Pieces = std::vector<std::string>;

namespace {

class PreTokenizer {
public:
  explicit PreTokenizer(import::SplitRule rule)
      : tokenizer(modelWith(rule)), tables(tokenizer.tables().data()) {}

  Pieces split(std::string_view text) const {
    Pieces pieces;
    for (size_t start = 0; start < text.size();) {
      size_t end = text::endOfPiece(tables, text, start);
      pieces.emplace_back(text.substr(start, end - start));
      start = end;
    }
    return pieces;
  }

  const text::Tables &view() const { return tables; }

private:
  static import::TokenizerModel modelWith(import::SplitRule rule) {
    import::TokenizerModel model = test::modelOf({});
    model.splitRule = rule;
    return model;
  }

  test::TestTokenizer tokenizer;
  text::Tables tables;
};

/// Finds all matches of an expression with ICU.
class IcuSplitter {
public:
  explicit IcuSplitter(const char *pattern) {
    UErrorCode status = U_ZERO_ERROR;
    regex = uregex_openC(pattern, 0, nullptr, &status);
    EXPECT_TRUE(U_SUCCESS(status)) << u_errorName(status);
  }
  ~IcuSplitter() { uregex_close(regex); }

  Pieces split(const std::u16string &text) const {
    UErrorCode status = U_ZERO_ERROR;
    uregex_setText(regex, text.data(), static_cast<int32_t>(text.size()),
                   &status);
    Pieces pieces;
    while (uregex_findNext(regex, &status)) {
      int32_t start = uregex_start(regex, 0, &status);
      int32_t end = uregex_end(regex, 0, &status);
      pieces.push_back(toUtf8(text.substr(start, end - start)));
    }
    EXPECT_TRUE(U_SUCCESS(status)) << u_errorName(status);
    return pieces;
  }

  static std::string toUtf8(const std::u16string &text) {
    std::string bytes(text.size() * 3, '\0');
    UErrorCode status = U_ZERO_ERROR;
    int32_t size = 0;
    u_strToUTF8(bytes.data(), static_cast<int32_t>(bytes.size()), &size,
                text.data(), static_cast<int32_t>(text.size()), &status);
    bytes.resize(size);
    return bytes;
  }

private:
  URegularExpression *regex;
};

} // namespace

// ICU's \s is not White_Space, hence the long form.
static const char *const llama3Regex =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
    " ?[^\\p{White_Space}\\p{L}\\p{N}]+[\\r\\n]*|\\p{White_Space}*[\\r\\n]+|"
    "\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+";
static const char *const gpt2Regex =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|"
    " ?[^\\p{White_Space}\\p{L}\\p{N}]+|"
    "\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+";

static const PreTokenizer &llama3() {
  static const PreTokenizer splitter(import::SplitRule::Llama3);
  return splitter;
}

TEST(PreTokenizer, KeepsTheSpaceWithTheWord) {
  EXPECT_EQ(llama3().split("User: How are"),
            (Pieces{"User", ":", " How", " are"}));
  EXPECT_EQ(llama3().split("Assistant: "), (Pieces{"Assistant", ":", " "}));
}

TEST(PreTokenizer, CutsNumbersInThrees) {
  EXPECT_EQ(llama3().split(" 123"), (Pieces{" ", "123"}));
  EXPECT_EQ(llama3().split("1234567"), (Pieces{"123", "456", "7"}));
  // Arabic-Indic digits, a Roman numeral and a fraction are numbers too.
  EXPECT_EQ(llama3().split("\u0661\u0662\u2167\u00bd"),
            (Pieces{"\u0661\u0662\u2167", "\u00bd"}));
}

TEST(PreTokenizer, RecognisesContractionsInAnyCase) {
  EXPECT_EQ(llama3().split("it's IT'S we'RE I'lL"),
            (Pieces{"it", "'s", " IT", "'S", " we", "'RE", " I", "'lL"}));
  EXPECT_EQ(llama3().split("it'\u017f"), (Pieces{"it", "'\u017f"}));
  EXPECT_EQ(llama3().split("'\u017ft"), (Pieces{"'\u017f", "t"}));
  EXPECT_EQ(llama3().split("'r 'la"), (Pieces{"'r", " '", "la"}));
}

TEST(PreTokenizer, TreatsMarksAsSymbols) {
  // A combining acute is neither letter nor number: alone it is a symbol, in
  // front of a letter it is that word's one leading character.
  EXPECT_EQ(llama3().split("e\u0301"), (Pieces{"e", "\u0301"}));
  EXPECT_EQ(llama3().split("e\u0301a"), (Pieces{"e", "\u0301a"}));
}

TEST(PreTokenizer, TakesNewlinesWithTheSymbolsBeforeThem) {
  EXPECT_EQ(llama3().split("x;\r\n\ny"), (Pieces{"x", ";\r\n\n", "y"}));
  EXPECT_EQ(llama3().split(" ...\n"), (Pieces{" ...\n"}));
}

TEST(PreTokenizer, CutsWhiteSpaceAfterTheLastNewline) {
  EXPECT_EQ(llama3().split("a \n \n  b"), (Pieces{"a", " \n \n", " ", " b"}));
  EXPECT_EQ(llama3().split("a   b"), (Pieces{"a", "  ", " b"}));
  EXPECT_EQ(llama3().split("a   "), (Pieces{"a", "   "}));
  EXPECT_EQ(llama3().split("a\u3000\u3000\u3000 1"),
            (Pieces{"a", "\u3000\u3000\u3000", " ", "1"}));
  // U+001C is no white space here.
  EXPECT_EQ(llama3().split("\x1c "), (Pieces{"\x1c", " "}));
}

TEST(PreTokenizer, SplitsLikeGpt2) {
  PreTokenizer gpt2(import::SplitRule::Gpt2);
  EXPECT_EQ(
      gpt2.split("it's 12345 IT'S !!\n\n x"),
      (Pieces{"it", "'s", " 12345", " IT", "'", "S", " !!", "\n\n", " x"}));
}

/// Texts in which every branch of the expressions competes with its neighbours.
static std::u16string randomText(std::mt19937 &random) {
  static const std::u16string alphabet =
      u"aZsStTrReEvVmMlLdD\u017f''''  \t\n\r\u00a0\u3000\u0085\x1c"
      u"12\u0661\u2167.!-_\u0301\u0903\u4e2d\u3042\u00df\ufb06\u1e9e\u200d";
  std::u16string text;
  for (size_t i = random() % 14; i > 0; --i) {
    size_t pick = random() % (alphabet.size() + 2);
    if (pick < alphabet.size())
      text.push_back(alphabet[pick]);
    else // An emoji, a letter beyond the basic plane.
      text += pick == alphabet.size() ? u"\U0001F600" : u"\U00010400";
  }
  return text;
}

TEST(PreTokenizer, AgreesWithRegularExpressions) {
  std::mt19937 random(11);
  PreTokenizer gpt2(import::SplitRule::Gpt2);
  IcuSplitter llama3Icu(llama3Regex), gpt2Icu(gpt2Regex);
  for (int round = 0; round < 60000; ++round) {
    std::u16string text = randomText(random);
    std::string bytes = IcuSplitter::toUtf8(text);
    ASSERT_EQ(llama3().split(bytes), llama3Icu.split(text)) << bytes;
    ASSERT_EQ(gpt2.split(bytes), gpt2Icu.split(text)) << bytes;
  }
}

static uint32_t icuClass(UChar32 codePoint) {
  uint32_t mask = U_GET_GC_MASK(codePoint);
  if (mask & U_GC_L_MASK)
    return TRITC_CLASS_LETTER;
  if (mask & U_GC_N_MASK)
    return TRITC_CLASS_NUMBER;
  return u_isUWhiteSpace(codePoint) ? TRITC_CLASS_SPACE : TRITC_CLASS_OTHER;
}

TEST(UnicodeClasses, EqualThoseOfIcu) {
  UVersionInfo icu;
  u_getUnicodeVersion(icu);
  uint32_t version = icu[0] << 16 | icu[1] << 8 | icu[2];
  if (llama3().view().header().unicodeVersion != version)
    GTEST_SKIP() << "utf8proc and ICU hold different versions of Unicode";
  for (UChar32 codePoint = 0; codePoint < 0x110000; ++codePoint)
    ASSERT_EQ(llama3().view().classOf(codePoint), icuClass(codePoint))
        << codePoint;
}

TEST(PreTokenizer, TakesLinearTime) {
  for (std::string unit : {" ", "\n", " \n", "'", "a", "1", "\u0301"}) {
    std::string text;
    while (text.size() < (size_t(1) << 20))
      text += unit;
    auto start = std::chrono::steady_clock::now();
    size_t size = 0;
    for (const std::string &piece : llama3().split(text + "x"))
      size += piece.size();
    EXPECT_EQ(size, text.size() + 1);
    EXPECT_LT(std::chrono::steady_clock::now() - start,
              std::chrono::seconds(5));
  }
}
