//===- RealVocabularyTest.cpp - A Llama-3 vocabulary, where one is at hand ===//

#include "compiler/support/MappedFile.h"
#include "test/unit/text/ByteAlphabet.h"
#include "test/unit/text/TestTokenizer.h"

#include "llvm/Support/FileSystem.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

using namespace tritc;
using namespace tritc::test;
using Ids = std::vector<int32_t>;

namespace {

class RealVocabulary : public testing::Test {
protected:
  static void SetUpTestSuite() {
    const char *path =
        TRITC_SOURCE_DIR "/../shared/data/llama3.tokenizer.model";
    if (!llvm::sys::fs::exists(path))
      return;
    auto file = MappedFile::open(path);
    ASSERT_TRUE(bool(file));
    auto parsed = import::parseTiktoken(file->text(), path, {});
    ASSERT_TRUE(bool(parsed));
    model = new import::TokenizerModel(std::move(*parsed));
    tokenizer = new TestTokenizer(*model);
  }
  static void TearDownTestSuite() {
    delete tokenizer;
    delete model;
  }
  void SetUp() override {
    if (!tokenizer)
      GTEST_SKIP() << "no Llama-3 vocabulary at hand";
  }

  static import::TokenizerModel *model;
  static TestTokenizer *tokenizer;
};

import::TokenizerModel *RealVocabulary::model = nullptr;
TestTokenizer *RealVocabulary::tokenizer = nullptr;

} // namespace

TEST_F(RealVocabulary, EncodesTheKnownPrompt) {
  EXPECT_EQ(tokenizer->encode("User: How are you?<|eot_id|>Assistant: "),
            (Ids{1502, 25, 2650, 527, 499, 30, 128009, 72803, 25, 220}));
  EXPECT_EQ(tokenizer->encode("<|begin_of_text|>User: "),
            (Ids{128000, 1502, 25, 220}));
}

TEST_F(RealVocabulary, HasTheSizeOfLlama3) {
  EXPECT_EQ(tokenizer->get().vocabSize(), 128256);
  EXPECT_EQ(tokenizer->get().bosId(), 128000);
  EXPECT_EQ(model->merges.size(), 280147u);
  EXPECT_EQ(model->findAdded("<|reserved_special_token_250|>"), 128255u);
}

/// Well-formed text over all planes, dense where tokenizers are.
static std::string randomText(std::mt19937 &random) {
  static const char *const words[] = {
      "the",          " quick",     "'ll",
      "'S",           "\n",         "  ",
      "\t",           "1234",       "\u00e9",
      "\u4e2d\u6587", "\U0001F600", "<|eot_id|>",
      "<|",           "\u0301",     "\u0645\u0631\u062d\u0628\u0627",
      "!!",           "\r\n",       " ",
      "\u00a0"};
  std::string text;
  for (size_t i = random() % 24; i > 0; --i)
    text += words[random() % std::size(words)];
  return text;
}

TEST_F(RealVocabulary, DecodesWhatItEncoded) {
  std::mt19937 random(5);
  for (int round = 0; round < 4000; ++round) {
    std::string text = randomText(random);
    for (auto special :
         {text::SpecialTokens::AsText, text::SpecialTokens::Recognise}) {
      std::string joined;
      for (int32_t id : tokenizer->encode(text, special)) {
        joined += tokenizer->get().bytesOf(id);
        if (special == text::SpecialTokens::AsText) {
          ASSERT_FALSE(tokenizer->get().isSpecial(id));
        }
      }
      ASSERT_EQ(joined, text);
    }
  }
}

/// The same vocabulary as tokenizer.json: merges token by token, the cuts of
/// one token ordered by the ids of their halves, as converters write them.
static std::string asJson(const import::TokenizerModel &model) {
  std::string vocabulary, merges, added;
  auto quote = [&](uint32_t id) {
    std::string text = inAlphabet(model.tokens[id]), quoted = "\"";
    for (char c : text)
      quoted +=
          (c == '"' || c == '\\') ? std::string("\\") + c : std::string(1, c);
    return quoted + "\"";
  };
  std::vector<import::TokenizerMerge> sorted = model.merges;
  std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) {
    return std::tie(a.merged, a.left, a.right) <
           std::tie(b.merged, b.left, b.right);
  });
  for (const import::TokenizerMerge &merge : sorted)
    merges += (merges.empty() ? "[" : ",[") + quote(merge.left) + "," +
              quote(merge.right) + "]";
  for (uint32_t id = 0; id < model.tokens.size(); ++id) {
    if (model.isPiece[id])
      vocabulary += (vocabulary.empty() ? "" : ",") + quote(id) + ":" +
                    std::to_string(id);
    else
      added += (added.empty() ? "" : ",") +
               ("{\"special\":true,\"content\":\"" + model.tokens[id] +
                "\",\"id\":" + std::to_string(id) + "}");
  }
  return R"({"added_tokens":[)" + added +
         R"(],"decoder":{"type":"ByteLevel"},"pre_tokenizer":{"type":)"
         R"("Sequence","pretokenizers":[{"type":"Split","behavior":"Isolated",)"
         R"("pattern":{"Regex":"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p)"
         R"({N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\)"
         R"(n]+|\\s+(?!\\S)|\\s+"}},{"type":"ByteLevel","use_regex":false,)"
         R"("add_prefix_space":false}]},"model":{"type":"BPE","ignore_merges":)"
         R"(true,"vocab":{)" +
         vocabulary + "},\"merges\":[" + merges + "]}}";
}

TEST_F(RealVocabulary, GivesTheSameIdsFromTokenizerJson) {
  std::string json = asJson(*model);
  auto start = std::chrono::steady_clock::now();
  auto parsed = import::parseTokenizerJson(
      json, "tokenizer.json", {.vocabSize = 128256, .bosToken = {}});
  ASSERT_TRUE(bool(parsed));
  TestTokenizer fromJson(*parsed);
  std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  RecordProperty("import_seconds", std::to_string(seconds.count()));
  EXPECT_LT(seconds.count(), 20); // 1 s optimised; sanitizers take longer.
  std::mt19937 random(6);
  for (int round = 0; round < 4000; ++round) {
    std::string text = randomText(random);
    ASSERT_EQ(fromJson.encode(text), tokenizer->encode(text)) << text;
  }
}
