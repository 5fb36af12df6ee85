//===- TokenizerTiktokenTest.cpp - Reading a tiktoken tokenizer.model -----===//

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "compiler/support/Error.h"
#include "test/unit/text/TestTokenizer.h"

#include "llvm/Support/Base64.h"

#include <gtest/gtest.h>

using namespace tritc;
using namespace tritc::test;
using Spelled = std::vector<std::string>;

/// A line per token: the 256 bytes, from 255 down, then `longer`.
static std::string tiktokenText(const std::vector<std::string> &longer) {
  std::string text;
  size_t rank = 0;
  auto add = [&](const std::string &token) {
    text += llvm::encodeBase64(token) + " " + std::to_string(rank++) + "\n";
  };
  for (int byte = 255; byte >= 0; --byte)
    add(std::string(1, static_cast<char>(byte)));
  for (const std::string &token : longer)
    add(token);
  return text;
}

static std::string tiktokenFailure(llvm::StringRef text) {
  auto model = import::parseTiktoken(text, "tokenizer.model",
                                     {.vocabSize = 520, .bosToken = {}});
  if (model)
    return "";
  Failure failure = toFailure(model.takeError());
  return std::to_string(static_cast<int>(failure.code)) + ": " +
         failure.message;
}

TEST(Tiktoken, DerivesMergesFromTokens) {
  auto model = import::parseTiktoken(tiktokenText({"bc", "ab", "abc"}),
                                     "tokenizer.model", {});
  ASSERT_TRUE(bool(model));
  EXPECT_EQ(model->tokens.size(), 256u + 3 + 256);
  EXPECT_EQ(model->merges.size(), 4u); // b+c, a+b, a+bc, ab+c
  EXPECT_EQ(model->bos, 259u);
  EXPECT_EQ(model->tokens[259], "<|begin_of_text|>");
  EXPECT_EQ(model->tokens[259 + 9], "<|eot_id|>");
  EXPECT_EQ(model->tokens[259 + 255], "<|reserved_special_token_250|>");
  TestTokenizer tokenizer(*model);
  EXPECT_EQ(tokenizer.tokens("abcd"), (Spelled{"abc", "d"}));
  EXPECT_EQ(tokenizer.tokens("abd"), (Spelled{"ab", "d"}));
}

/// `count` tokens: the bytes, then triples of them.
static std::string tiktokenOf(size_t count) {
  std::vector<std::string> longer;
  for (size_t i = 256; i < count; ++i)
    longer.push_back({char(i >> 16 | 0x80), char(i >> 8), char(i)});
  return tiktokenText(longer);
}

TEST(Tiktoken, SizesSayWhoseRulesAreMeant) {
  auto llama4 =
      import::parseTiktoken(tiktokenOf(200000), "tokenizer.model", {});
  ASSERT_TRUE(bool(llama4));
  EXPECT_EQ(llama4->tokens.size(), 202048u);
  EXPECT_EQ(llama4->split[0].expression, import::o200kExpression);
  EXPECT_EQ(llama4->bos, 200000u);
  for (auto [name, id] :
       {std::pair("<|header_start|>", 200005u), std::pair("<|eot|>", 200008u),
        std::pair("<|finetune_right_pad|>", 200018u),
        std::pair("<|image_start|>", 200080u), std::pair("<|patch|>", 200092u),
        std::pair("<|reasoning_thinking_end|>", 201143u),
        std::pair("<|reserved_special_token_903|>", 202047u)})
    EXPECT_EQ(llama4->findAdded(name), id);
  auto other = import::parseTiktoken(tiktokenOf(100256), "tokenizer.model", {});
  EXPECT_EQ(toFailure(other.takeError()).message,
            "tokenizer.model: not supported, expected the 128000 ranks of "
            "Llama 3 or the 200000 of Llama 4, found 100256; name its "
            "tokenizer.json with --tokenizer=");
}

TEST(Tiktoken, RejectsWhatIsNotOfItsForm) {
  EXPECT_EQ(tiktokenFailure(tiktokenText({"ab"})), "");
  EXPECT_EQ(tiktokenFailure("\x0a\x0b\x0c"),
            "2: tokenizer.model: line 1: not supported, expected the form of "
            "tiktoken (base64, space, rank)");
  EXPECT_EQ(tiktokenFailure("YQ== 0\nYg==\n"),
            "3: tokenizer.model: line 2: expected base64, space, rank");
  EXPECT_EQ(tiktokenFailure("YQ== 0\nYg== 2\n"),
            "3: tokenizer.model: line 2: expected rank 1, found 2");
  EXPECT_EQ(tiktokenFailure("YQ== 0\nYQ== 1\n"),
            "3: tokenizer.model: line 2: token \"a\" stands twice");
  EXPECT_EQ(tiktokenFailure(""), "3: tokenizer.model: no token for byte 0x0");
  EXPECT_EQ(tiktokenFailure(tiktokenText({std::string(600, 'a')})),
            "3: tokenizer.model: line 257: expected a token of at most 512 "
            "bytes, found 600");
  EXPECT_EQ(tiktokenFailure(tiktokenText(
                {"ab", "ac", "ad", "ae", "af", "ag", "ah", "ai", "aj"})),
            "3: tokenizer.model: expected at most the model's vocab_size 520 "
            "tokens, found 521");
}
