//===- TokenizerTest.cpp - Text to ids and back ---------------------------===//

#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "test/unit/text/SlowTokenizer.h"
#include "test/unit/text/TestTokenizer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

using namespace tritc;
using namespace tritc::test;
using text::SpecialTokens;
using Spelled = std::vector<std::string>;

TEST(Bpe, MergesTheLowestRankFirst) {
  TestTokenizer tokenizer(modelOf({{"b", "c"}, {"a", "b"}, {"a", "bc"}}));
  EXPECT_EQ(tokenizer.tokens("abc"), (Spelled{"abc"}));
  TestTokenizer other(modelOf({{"a", "b"}, {"b", "c"}, {"a", "bc"}}));
  EXPECT_EQ(other.tokens("abc"), (Spelled{"ab", "c"}));
}

TEST(Bpe, MergesTheLeftmostOfEquals) {
  TestTokenizer tokenizer(modelOf({{"a", "a"}}));
  EXPECT_EQ(tokenizer.tokens("aaa"), (Spelled{"aa", "a"}));
  EXPECT_EQ(tokenizer.tokens("aaaaa"), (Spelled{"aa", "aa", "a"}));
  // Two pairs of one rank, as a tiktoken vocabulary has them.
  import::TokenizerModel model =
      modelOf({{"x", "y"}, {"y", "x"}, {"xy", "x"}, {"x", "yx"}});
  for (import::TokenizerMerge &merge : model.merges)
    merge.rank = 0;
  EXPECT_EQ(TestTokenizer(model).tokens("yxyx"), (Spelled{"yx", "yx"}));
}

TEST(Bpe, ForgetsPairsThatAreGone) {
  // b+c is seen first and queued, but a+b goes first and takes its b.
  TestTokenizer tokenizer(modelOf({{"a", "b"}, {"b", "c"}, {"c", "d"}}));
  EXPECT_EQ(tokenizer.tokens("abcd"), (Spelled{"ab", "cd"}));
}

TEST(Bpe, TakesAWholePieceOnlyWhenAsked) {
  // "abc" is a token that no merge reaches.
  import::TokenizerModel model = modelOf({{"a", "b"}});
  model.tokens.push_back("abc");
  model.isPiece.push_back(true);
  EXPECT_EQ(TestTokenizer(model).tokens("abc"), (Spelled{"ab", "c"}));
  model.wholePiece = true;
  EXPECT_EQ(TestTokenizer(model).tokens("abc"), (Spelled{"abc"}));
  EXPECT_EQ(TestTokenizer(model).tokens("abcx"), (Spelled{"ab", "c", "x"}));
}

/// A text in which everything that a tokenizer looks at stands beside
/// everything else.
static std::string randomText(std::mt19937 &random) {
  static const char *const parts[] = {
      "a",        "b",      "ab",        "S",    "'s",     "'LL",    "'",
      " ",        "  ",     "\n",        "\r\n", "1",      "23",     "\u0661",
      "!",        "\u2581", "\u0301",    "e",    "\u00e9", "\u4e2d", "\u017f",
      "\u1112",   "\u1161", "\u11ab",    "<s>",  "<e>",    "<s",     "\xff",
      "\xe2\x82", "\u3000", "\U0001F600"};
  std::string text;
  for (size_t n = random() % 16; n > 0; --n)
    text += parts[random() % std::size(parts)];
  return text;
}

TEST(Tokenizer, EqualsItsDefinition) {
  std::mt19937 random(7);
  using import::NormalForm;
  for (auto [expression, form] :
       {std::pair(import::llama3Expression, NormalForm::AsItIs),
        std::pair(import::qwen2Expression, NormalForm::NFC),
        std::pair(import::o200kExpression, NormalForm::NFD),
        std::pair(import::gpt2Expression, NormalForm::NFKC)}) {
    import::TokenizerModel model = modelOf(
        {{"a", "b"}, {" ", "ab"}, {"'", "s"}, {"\xc3", "\xa9"}, {"2", "3"}});
    model.split = import::splitBy(expression);
    model.normalForm = form;
    addSpecial(model, "<s>");
    addToken(model, "<e>");
    TestTokenizer tokenizer(model);
    for (int round = 0; round < 3000; ++round) {
      std::string text = randomText(random);
      for (bool recognise : {false, true})
        ASSERT_EQ(tokenizer.encode(text, recognise ? SpecialTokens::Recognise
                                                   : SpecialTokens::AsText),
                  slowEncode(model, text, recognise))
            << text;
    }
  }
}

TEST(Bpe, EqualsRescanning) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    Pairs merges;
    std::vector<std::string> tokens = {"a", "b", "c"};
    for (int i = 0; i < 25; ++i) {
      std::pair<std::string, std::string> pair = {
          tokens[random() % tokens.size()], tokens[random() % tokens.size()]};
      if (std::find(merges.begin(), merges.end(), pair) != merges.end())
        continue;
      merges.push_back(pair);
      tokens.push_back(pair.first + pair.second);
    }
    import::TokenizerModel model = modelOf(merges);
    TestTokenizer tokenizer(model);
    for (int i = 0; i < 20; ++i) {
      std::string text;
      for (size_t n = random() % 40; n > 0; --n)
        text.push_back("abc"[random() % 3]);
      ASSERT_EQ(tokenizer.encode(text), slowEncode(model, text, true)) << text;
    }
  }
}

TEST(Bpe, TakesAMegabyteOfOneLetter) {
  Pairs merges;
  for (std::string token = "a"; token.size() <= 512; token += token)
    merges.push_back({token, token});
  TestTokenizer tokenizer(modelOf(merges));
  auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(tokenizer.encode(std::string(1 << 20, 'a')).size(), 1024u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Tokenizer, FindsTheLongestSpecialToken) {
  import::TokenizerModel model = modelOf({});
  uint32_t shortOne = addSpecial(model, "<|a");
  uint32_t longOne = addSpecial(model, "<|a|>");
  uint32_t other = addSpecial(model, "<|b|>");
  TestTokenizer tokenizer(model);
  EXPECT_EQ(tokenizer.encode("<|a|><|a<|b|>"),
            (std::vector<int32_t>{int32_t(longOne), int32_t(shortOne),
                                  int32_t(other)}));
  EXPECT_EQ(tokenizer.tokens("x<|a|>y"), (Spelled{"x", "<|a|>", "y"}));
  EXPECT_EQ(tokenizer.tokens("<|b|"), (Spelled{"<", "|", "b", "|"}));
}

TEST(Tokenizer, LeavesSpecialTokensOfUsersAlone) {
  import::TokenizerModel model = modelOf({});
  addSpecial(model, "<s>");
  addToken(model, "<user>");
  TestTokenizer tokenizer(model);
  EXPECT_EQ(tokenizer.tokens("<s>", SpecialTokens::AsText),
            (Spelled{"<", "s", ">"}));
  // Added but not special: part of the vocabulary, wherever the text is from.
  EXPECT_EQ(tokenizer.tokens("<user>", SpecialTokens::AsText),
            (Spelled{"<user>"}));
}

/// DeepSeek's markers of roles are no special tokens.
TEST(Tokenizer, TextOfUsersMakesNoTokenOfTheTemplate) {
  import::TokenizerModel model = modelOf({});
  int32_t role = int32_t(addToken(model, "<user>"));
  int32_t word = int32_t(addToken(model, "<word>"));
  int32_t breaks = int32_t(addToken(model, "\n\n"));
  model.protect({"<user>\n\n", ""});
  TestTokenizer tokenizer(model);
  EXPECT_EQ(tokenizer.tokens("<user>", SpecialTokens::Recognise),
            (Spelled{"<user>"}));
  EXPECT_EQ(tokenizer.tokens("<user>", SpecialTokens::AsText),
            (Spelled{"<", "u", "s", "e", "r", ">"}));
  EXPECT_EQ(tokenizer.tokens("<word>\n\n", SpecialTokens::AsText),
            (Spelled{"<word>", "\n\n"}));
  EXPECT_TRUE(tokenizer.get().isProtected(role));
  EXPECT_FALSE(tokenizer.get().isSpecial(role));
  EXPECT_FALSE(tokenizer.get().isProtected(word));
  EXPECT_FALSE(tokenizer.get().isProtected(breaks));
  EXPECT_FALSE(tokenizer.get().isProtected(-1));
}

TEST(Tokenizer, CutsTheTextAtAddedTokens) {
  // "a  <s>": the text ends before the token, so both spaces are one piece.
  import::TokenizerModel model = modelOf({{" ", " "}});
  addSpecial(model, "<s>");
  TestTokenizer tokenizer(model);
  EXPECT_EQ(tokenizer.tokens("a  <s>"), (Spelled{"a", "  ", "<s>"}));
  EXPECT_EQ(tokenizer.tokens("a  b"), (Spelled{"a", " ", " ", "b"}));
}

TEST(Tokenizer, StripsWhiteSpaceAroundTokensThatAskForIt) {
  import::TokenizerModel model = modelOf({});
  addToken(model, "[L]", {.id = 0, .leftStrip = true});
  addToken(model, "[R]", {.id = 0, .rightStrip = true});
  TestTokenizer tokenizer(model);
  EXPECT_EQ(tokenizer.tokens("a \u3000[L] b"), (Spelled{"a", "[L]", " ", "b"}));
  EXPECT_EQ(tokenizer.tokens("a [R] \u3000b"), (Spelled{"a", " ", "[R]", "b"}));
  EXPECT_EQ(tokenizer.tokens("[R] \n[L]"), (Spelled{"[R]", "[L]"}));
}

TEST(Tokenizer, SearchesNormalizedTokensSecond) {
  import::TokenizerModel model = modelOf({});
  addToken(model, "ab<", {.id = 0, .normalized = true});
  addToken(model, "<x>");
  TestTokenizer tokenizer(model);
  EXPECT_EQ(tokenizer.tokens("ab<x>"), (Spelled{"a", "b", "<x>"}));
  EXPECT_EQ(tokenizer.tokens("ab<y>"), (Spelled{"ab<", "y", ">"}));
}

TEST(Tokenizer, ReadsIllFormedTextAsReplacementCharacters) {
  TestTokenizer tokenizer(modelOf({}));
  EXPECT_EQ(tokenizer.encode("a\xff\xe2\x82z"),
            tokenizer.encode("a\ufffd\ufffdz"));
}

TEST(Tokenizer, KnowsTheBytesOfItsLongestToken) {
  import::TokenizerModel model = test::modelOf({{"a", "b"}, {"ab", "ab"}});
  auto most = [&] {
    return test::TestTokenizer(model).get().mostBytesPerToken();
  };
  EXPECT_EQ(most(), 4u);
  test::addSpecial(model, "<end>");
  EXPECT_EQ(most(), 5u);
  model.added.back().spelling =
      "<the end>"; // searched for, and shown otherwise
  EXPECT_EQ(most(), 9u);
  model.normalForm = import::NormalForm::NFKC;
  EXPECT_EQ(most(), 36u);
}

TEST(Tokenizer, KnowsItsTokens) {
  import::TokenizerModel model = modelOf({{"a", "b"}});
  int32_t bos = static_cast<int32_t>(addSpecial(model, "<s>"));
  int32_t user = static_cast<int32_t>(addToken(model, "<user>"));
  model.bos = bos;
  model.addsBos = true;
  TestTokenizer test(model);
  const text::Tokenizer &tokenizer = test.get();
  EXPECT_EQ(tokenizer.vocabSize(), 259);
  EXPECT_EQ(tokenizer.bytesOf(256), "ab");
  EXPECT_EQ(tokenizer.bytesOf(0), std::string_view("\0", 1));
  EXPECT_EQ(tokenizer.bytesOf(bos), "<s>");
  EXPECT_EQ(tokenizer.bytesOf(-1), "");
  EXPECT_EQ(tokenizer.bytesOf(259), "");
  EXPECT_TRUE(tokenizer.isSpecial(bos));
  EXPECT_FALSE(tokenizer.isSpecial(user));
  EXPECT_FALSE(tokenizer.isSpecial(259));
  EXPECT_EQ(tokenizer.bosId(), bos);
  EXPECT_TRUE(tokenizer.addsBos());
  TestTokenizer plain(modelOf({}));
  EXPECT_EQ(plain.get().bosId(), -1);
  EXPECT_FALSE(plain.get().addsBos());
}

TEST(Tables, AreReproducible) {
  import::TokenizerModel model = modelOf({{"a", "b"}, {"ab", "c"}});
  addSpecial(model, "<s>");
  EXPECT_EQ(import::buildTokenizerTables(model),
            import::buildTokenizerTables(model));
}

TEST(Tables, AreAcceptedOnlyWhole) {
  std::vector<uint8_t> tables = import::buildTokenizerTables(modelOf({}));
  EXPECT_TRUE(text::Tokenizer::accepts(tables.data(), tables.size()));
  EXPECT_FALSE(text::Tokenizer::accepts(tables.data(), tables.size() - 1));
  EXPECT_FALSE(text::Tokenizer::accepts(tables.data(), 16));
  auto &header = *reinterpret_cast<TritcTokenizerHeader *>(tables.data());
  ++header.version;
  EXPECT_FALSE(text::Tokenizer::accepts(tables.data(), tables.size()));
}
