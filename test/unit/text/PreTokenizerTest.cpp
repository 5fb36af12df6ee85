//===- PreTokenizerTest.cpp - Cutting text into pieces --------------------===//
//
// ICU's regular expressions are the second opinion on the hand-written matcher,
// its character data on the class table.
//
//===----------------------------------------------------------------------===//

#include "runtime/text/PreTokenizer.h"
#include "compiler/import/gguf/GgufPreTokenizers.h"
#include "compiler/import/tokenizer/TokenizerPattern.h"
#include "test/unit/text/TestTokenizer.h"

#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include <chrono>
#include <random>
#include <set>

using namespace tritc;
using Pieces = std::vector<std::string>;

namespace {

class Splitter {
public:
  explicit Splitter(import::SplitStages stages)
      : tokenizer(modelWith(std::move(stages))),
        tables(tokenizer.tables().data()) {}

  Pieces split(std::string_view text) const {
    Pieces pieces;
    text::PreTokenizer cut(tables, text);
    while (!cut.done())
      pieces.emplace_back(cut.next());
    return pieces;
  }

  const text::Tables &view() const { return tables; }

private:
  static import::TokenizerModel modelWith(import::SplitStages stages) {
    import::TokenizerModel model = test::modelOf({});
    model.split = std::move(stages);
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
    regex = uregex_openC(pattern, UREGEX_UNIX_LINES | UREGEX_MULTILINE, nullptr,
                         &status);
    EXPECT_TRUE(U_SUCCESS(status)) << u_errorName(status);
  }
  ~IcuSplitter() { uregex_close(regex); }

  /// The matches; `withGaps` also what lies between them.
  Pieces split(const std::u16string &text, bool withGaps = false) const {
    UErrorCode status = U_ZERO_ERROR;
    int32_t last = 0;
    auto gap = [&](Pieces &pieces, int32_t next) {
      if (withGaps && next > last)
        pieces.push_back(toUtf8(text.substr(last, next - last)));
    };
    uregex_setText(regex, text.data(), static_cast<int32_t>(text.size()),
                   &status);
    Pieces pieces;
    while (uregex_findNext(regex, &status)) {
      int32_t start = uregex_start(regex, 0, &status);
      int32_t end = uregex_end(regex, 0, &status);
      gap(pieces, start);
      pieces.push_back(toUtf8(text.substr(start, end - start)));
      last = end;
    }
    gap(pieces, static_cast<int32_t>(text.size()));
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

/// ICU's \s is not White_Space.
static std::string forIcu(std::string regex) {
  for (auto [from, to] : {std::pair("\\s", "\\p{White_Space}"),
                          std::pair("\\S", "\\P{White_Space}")})
    for (size_t at = 0; (at = regex.find(from, at)) != std::string::npos;)
      regex.replace(at, 2, to);
  return regex;
}

static const Splitter &llama3() {
  static const Splitter splitter(import::splitBy(import::llama3Expression));
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

/// Pitfall 34: case is folded by Unicode, where others know ASCII only.
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
  Splitter gpt2(import::splitBy(import::gpt2Expression));
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

/// A stage of `expression`; fails the test if it is not supported.
static import::SplitStage stageOf(const std::string &expression) {
  import::SplitStage stage;
  stage.expression = expression;
  auto pattern = import::parsePattern(expression, "test");
  EXPECT_TRUE(bool(pattern)) << expression;
  if (pattern)
    stage.pattern = std::move(*pattern);
  else
    consumeError(pattern.takeError());
  return stage;
}

static void expectSameAsIcu(const std::string &expression, int rounds) {
  Splitter splitter({stageOf(expression)});
  IcuSplitter icu(forIcu(expression).c_str());
  std::mt19937 random(11);
  for (int round = 0; round < rounds; ++round) {
    std::u16string text = randomText(random);
    std::string bytes = IcuSplitter::toUtf8(text);
    ASSERT_EQ(splitter.split(bytes), icu.split(text, /*withGaps=*/true))
        << expression << " on " << bytes;
  }
}

TEST(PreTokenizer, AgreesWithRegularExpressions) {
  const std::string expressions[] = {
      import::llama3Expression.str(), import::qwen2Expression.str(),
      import::gpt2Expression.str(), import::o200kExpression.str(),
      // Of other tokenizers: runs that overlap, looks, intervals, choices.
      "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|\\s+",
      "[0-9][0-9][0-9]", "\\p{N}",
      "\\p{Lu}?\\p{Ll}+(?=1)|\\p{L}{2}|[a-eZ]{1,2}Z",
      "\\d{2,}|\\s*[\\r\\n]|\\s{2,3}(?!\\S)|[^a-z\\s]+",
      "(?:ab?|ct)d?v*|(?:s|t)'(?i:e)?", "\\s+$|[^\\s]+",
      // Choices for each length of a run, also within one another.
      "[a-z]+(?:[se]'|[str](?:'|[sa])?|d)|\\s?(?:(?:'|.)(?:t|[^\\n]))",
      "[a-z]*[a-v]?(?:s|(?:')?t|)e|\\s+(?:$|.)|'{1,3}(?:'a|'|)",
      "[\\p{L}\\p{M}]*[\\p{Ll}\\p{N}]+'?|\\P{L}", ".[^\\n]{0,2}'|\\u4e2d"};
  for (const std::string &expression : expressions)
    expectSameAsIcu(expression, 20000);
}

static import::SplitStages stagesOfGguf(llvm::StringRef pre) {
  import::TokenizerModel model;
  EXPECT_FALSE(bool(import::applyGgufPreTokenizer(pre, "test", model)));
  return model.split;
}

/// DeepSeek's letters, four of which are others once a text is normalized: the
/// expression has them as they are.
TEST(PreTokenizer, KeepsLettersThatNormalFormsChange) {
  import::SplitStages stages = stagesOfGguf("deepseek-llm");
  const import::CodePointSet &letters = *stages[1].pattern.sets()[1];
  for (uint32_t letter : {0x1f7d, 0x1fbe, 0x1fd3, 0x1fdb, 0x212a})
    EXPECT_TRUE(letters.meets(import::CodePointSet::of(letter)));
  for (uint32_t other : {0x1f7e, 0x1fbf, 0x1fd4, 0x1fdc, 0x2129})
    EXPECT_FALSE(letters.meets(import::CodePointSet::of(other)));
}

TEST(PreTokenizer, AgreesWithTheExpressionsOfGgufFiles) {
  std::set<std::string> expressions;
  for (llvm::StringRef name : import::ggufPreTokenizerNames())
    for (const import::SplitStage &stage : stagesOfGguf(name))
      expressions.insert(stage.expression);
  for (const std::string &expression : expressions)
    expectSameAsIcu(expression, 2000);
}

TEST(PreTokenizer, SplitsLikeDeepSeek) {
  Splitter llm(stagesOfGguf("deepseek-llm"));
  EXPECT_EQ(llm.split("It's 12,5  \n\n\u05d0\u05d1 \u4f60\u597d\uff01 "),
            (Pieces{"It", "'", "s", " ", "1", "2", ",", "5", "  ", "\n", "\n",
                    "\u05d0\u05d1 ", "\u4f60\u597d", "\uff01", " "}));
  Splitter coder(stagesOfGguf("deepseek-coder"));
  EXPECT_EQ(coder.split("x += 10;\r\n\u3053\u3093"),
            (Pieces{"x", " += ", "1", "0", ";", "\r", "\n", "\u3053\u3093"}));
}

TEST(PreTokenizer, StagesCutThePiecesOfTheOneBefore) {
  import::SplitStage words = stageOf("[a-z]+"), pairs = stageOf("ab|[0-9]");
  EXPECT_EQ(Splitter({words, pairs}).split("xab12 ab"),
            (Pieces{"x", "ab", "1", "2", " ", "ab"}));
  EXPECT_EQ(Splitter({pairs, words}).split("xab12 ab"),
            (Pieces{"x", "ab", "1", "2", " ", "ab"}));
  EXPECT_EQ(Splitter({}).split("xab12 ab"), (Pieces{"xab12 ab"}));
}

TEST(PreTokenizer, MatchesThatTouchMayBeOnePiece) {
  import::SplitStage digits = stageOf("[0-9]");
  digits.joinsMatches = true;
  EXPECT_EQ(Splitter({digits}).split("123a4 56"),
            (Pieces{"123", "a", "4", " ", "56"}));
}

/// A look ahead ends at the cut of the stage before.
TEST(PreTokenizer, PiecesAreMatchedAlone) {
  EXPECT_EQ(Splitter({stageOf("\\s+"), stageOf("\\s+(?!\\S)")}).split("a  b"),
            (Pieces{"a", "  ", "b"}));
}

/// In GPT-2's alphabet the bytes 0xB2 and 0xBC are digits, so that a stage
/// behind ByteLevel cuts characters into their bytes.
TEST(PreTokenizer, StagesBehindBytesSeeTheAlphabet) {
  import::SplitStage digits = stageOf("\\p{N}");
  digits.onBytes = true;
  EXPECT_EQ(Splitter({digits}).split("\u043c1"), (Pieces{"\xd0", "\xbc", "1"}));
  EXPECT_EQ(Splitter({digits}).split("a b"), (Pieces{"a b"}));
}

TEST(PreTokenizer, TakesLinearTime) {
  const Splitter o200k(import::splitBy(import::o200kExpression));
  for (std::string unit : {" ", "\n", " \n", "'", "a", "1", "\u0301", "A",
                           "\u00aa", "\u00aaA", "\u00aaAAAAAAA", "'s", "/"}) {
    std::string text;
    while (text.size() < (size_t(1) << 20))
      text += unit;
    auto start = std::chrono::steady_clock::now();
    size_t size = 0;
    for (const Splitter *splitter : {&llama3(), &o200k})
      for (const std::string &piece : splitter->split(text + "x"))
        size += piece.size();
    EXPECT_EQ(size, 2 * (text.size() + 1));
    EXPECT_LT(std::chrono::steady_clock::now() - start,
              std::chrono::seconds(5));
  }
}
