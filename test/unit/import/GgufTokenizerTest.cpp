//===- GgufTokenizerTest.cpp - tokenizer.ggml.* and the chat template -----===//

#include "compiler/import/Checkpoint.h"
#include "compiler/import/gguf/GgufPreTokenizers.h"

#include "test/unit/import/TestGguf.h"

#include <set>

using namespace tritc;
using namespace tritc::import;
using test::bytesOf;
using test::TestGguf;

namespace {
class GgufVocabulary : public testing::Test {
protected:
  llvm::Expected<TokenizerModel> read(const TestGguf &file) {
    auto checkpoint = Checkpoint::open(directory.write("m.gguf", file.bytes()));
    if (!checkpoint)
      return checkpoint.takeError();
    return (*checkpoint)->tokenizer();
  }
  TokenizerModel model(const TestGguf &file) {
    auto read = this->read(file);
    EXPECT_TRUE(bool(read)) << toFailure(read.takeError()).message;
    return read ? std::move(*read) : TokenizerModel();
  }
  void setTypes(const std::vector<int32_t> &types) {
    std::string bytes = bytesOf(uint32_t(5)) + bytesOf(uint64_t(types.size()));
    for (int32_t type : types)
      bytes += bytesOf(type);
    file.set("tokenizer.ggml.token_type", 9, bytes);
  }
  /// The tokens of the model with the last ones replaced.
  void setLastTokens(const std::vector<std::string> &last) {
    std::vector<std::string> tokens;
    TestGguf whole = TestGguf::model();
    auto value = llvm::find_if(whole.keys, [](const TestGguf::Value &value) {
      return value.key == "tokenizer.ggml.tokens";
    });
    std::string bytes = value->bytes.substr(12);
    while (!bytes.empty()) {
      tokens.push_back(bytes.substr(8, size_t(bytes[0])));
      bytes = bytes.substr(8 + size_t(bytes[0]));
    }
    tokens.resize(tokens.size() - last.size());
    tokens.insert(tokens.end(), last.begin(), last.end());
    file.set("tokenizer.ggml.tokens", tokens);
  }
  test::TempDirectory directory;
  TestGguf file = TestGguf::model();
};
} // namespace

TEST_F(GgufVocabulary, becomes_bytes_and_ids) {
  TokenizerModel read = model(file);
  ASSERT_EQ(read.tokens.size(), 260u);
  EXPECT_EQ(read.tokens[' '], " ");
  EXPECT_EQ(read.tokens[256], "ab");
  EXPECT_TRUE(read.isPiece[256]);
  EXPECT_FALSE(read.isPiece[257]);
  EXPECT_EQ(read.findAdded("<|eot_id|>"), 259u);
  ASSERT_EQ(read.merges.size(), 1u);
  EXPECT_EQ(read.merges[0].merged, 256u);
  EXPECT_EQ(read.bos, 257u);
  EXPECT_TRUE(read.addsBos);
  EXPECT_TRUE(read.wholePiece);
}

TEST_F(GgufVocabulary, names_the_rules_around_it) {
  file = TestGguf::model("llama");
  auto stages = [&](const char *pre) {
    file.set("tokenizer.ggml.pre", std::string(pre));
    return model(file).split.size();
  };
  EXPECT_EQ(stages("gpt-4o"), 1u);
  EXPECT_EQ(stages("llama4"), 1u);
  EXPECT_EQ(stages("tekken"), 1u);
  EXPECT_EQ(stages("starcoder"), 2u);
  EXPECT_EQ(stages("smollm"), 2u);
  EXPECT_EQ(stages("deepseek-v3"), 3u);
  EXPECT_EQ(stages("falcon"), 4u);
  EXPECT_EQ(stages("deepseek-coder"), 5u);
  EXPECT_EQ(stages("deepseek-llm"), 6u);
  file.set("tokenizer.ggml.pre", std::string("gpt-neox"));
  EXPECT_EQ(model(file).normalForm, NormalForm::NFC);
  EXPECT_FALSE(model(file).wholePiece);
  EXPECT_FALSE(model(file).addsBos);
  file.set("tokenizer.ggml.pre", std::string("tekken"));
  EXPECT_TRUE(model(file).wholePiece);
  EXPECT_TRUE(model(file).addsBos);
}

/// An entry of the table that breaks a rule would only fail where it is used.
TEST_F(GgufVocabulary, has_rules_for_every_name_that_it_knows) {
  file = TestGguf::model("llama");
  std::vector<llvm::StringRef> names = ggufPreTokenizerNames();
  EXPECT_GT(names.size(), 50u);
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
  for (llvm::StringRef name : names) {
    file.set("tokenizer.ggml.pre", name.str());
    SCOPED_TRACE(name.str());
    EXPECT_SUCCESS(read(file));
  }
}

TEST_F(GgufVocabulary, names_the_nearest_rules_that_it_knows) {
  file = TestGguf::model("llama");
  auto expectFound = [&](const std::string &pre, const std::string &line) {
    file.set("tokenizer.ggml.pre", pre);
    EXPECT_FAILURE(read(file), ExitCode::Unreadable, line);
  };
  const std::string what =
      "m.gguf: tokenizer.ggml.pre: unsupported, expected a name such as ";
  const std::string wayOut =
      "; name the model's own with --tokenizer=tokenizer.json";
  expectFound("qwen-2", what + "qwen2, found \"qwen-2\"" + wayOut);
  expectFound("Deepseek_LLM", what + "deepseek-llm, found ");
  expectFound("", what + "llama-bpe or qwen2, found nothing" + wayOut);
  expectFound(std::string(100000, 'x'), wayOut);
}

/// StarCoder has no token for bytes that UTF-8 never uses, Falcon not for 0x03.
TEST_F(GgufVocabulary, need_not_have_every_byte) {
  std::vector<int32_t> types(260, 1);
  for (uint8_t byte : {0x03, 0xc0, 0xff})
    types[byte] = 5; // never found in a text
  setTypes(types);
  TokenizerModel read = model(file);
  EXPECT_FALSE(read.isPiece[0x03]);
  EXPECT_TRUE(read.isPiece[0x04]);
}

TEST_F(GgufVocabulary, an_explicit_bos_flag_wins) {
  file.set("tokenizer.ggml.add_bos_token", 7, std::string(1, '\0'));
  EXPECT_FALSE(model(file).addsBos);
  file.set("tokenizer.ggml.add_bos_token", 7, "\x02");
  EXPECT_FAILURE(read(file), ExitCode::Malformed, "expected true or false");
}

TEST_F(GgufVocabulary, token_types_say_what_is_matched) {
  std::vector<int32_t> types(260, 1);
  types[257] = 3;
  types[258] = 4;
  types[259] = 5;
  setTypes(types);
  TokenizerModel read = model(file);
  ASSERT_EQ(read.added.size(), 2u);
  EXPECT_TRUE(read.added[0].special);
  EXPECT_FALSE(read.added[1].special);
  types[0] = 7;
  setTypes(types);
  EXPECT_FAILURE(this->read(file), ExitCode::Malformed,
                 "token_type[0]: expected 1 to 6, found 7");
  types.pop_back();
  setTypes(types);
  EXPECT_FAILURE(this->read(file), ExitCode::Malformed,
                 "expected 260 types, found 259");
}

TEST_F(GgufVocabulary, is_empty) {
  file.set("tokenizer.ggml.tokens", std::vector<std::string>());
  setTypes({});
  file.remove("tokenizer.ggml.bos_token_id");
  EXPECT_FAILURE(read(file), ExitCode::Malformed,
                 "expected tokens of single bytes, found none");
  file.remove("tokenizer.ggml.tokens");
  EXPECT_FAILURE(read(file), ExitCode::Malformed, "tokens: missing");
}

TEST_F(GgufVocabulary, has_a_token_twice) {
  setLastTokens({"<|eot_id|>", "<|eot_id|>"});
  EXPECT_FAILURE(read(file), ExitCode::Malformed,
                 "tokens[259]: \"<|eot_id|>\": expected each token once, found "
                 "it as 258 too");
}

TEST_F(GgufVocabulary, is_no_utf8) {
  setLastTokens({"\xff\xfe", "<|a|>", "<|b|>", "<|c|>"});
  EXPECT_FAILURE(read(file), ExitCode::Malformed,
                 "a character is not of the byte alphabet");
  setLastTokens({"a\xc4", "<|a|>", "<|b|>", "<|c|>"}); // half a character
  EXPECT_FAILURE(read(file), ExitCode::Malformed,
                 "a character is not of the byte alphabet");
}

TEST_F(GgufVocabulary, has_more_tokens_than_the_embedding) {
  file.tensor("token_embd.weight").dims = {32, 259};
  EXPECT_FAILURE(read(file), ExitCode::Malformed,
                 "expected at most 259 (the rows of the embedding), found 260");
}

TEST_F(GgufVocabulary, merges_missing_tokens) {
  auto refuse = [&](const std::string &merge, const char *text) {
    file.set("tokenizer.ggml.merges", std::vector<std::string>{merge});
    EXPECT_FAILURE(read(file), ExitCode::Malformed, text);
  };
  refuse("a c", "merges[0]: token \"ac\" is not in tokenizer.ggml.tokens");
  refuse("xy b", "token \"xy\" is not in");
  refuse("ab", "expected two tokens");
  refuse(" ", "expected two tokens");
  refuse("", "expected two tokens");
  refuse("a ", "expected two tokens");
  file.set("tokenizer.ggml.merges", std::vector<std::string>{"a b", "a b"});
  EXPECT_FAILURE(read(file), ExitCode::Malformed,
                 "merges[1]: \"a\" and \"b\" merge twice");
  file.remove("tokenizer.ggml.merges");
  EXPECT_FAILURE(read(file), ExitCode::Malformed, "merges: missing");
}

TEST_F(GgufVocabulary, is_of_another_kind) {
  file.set("tokenizer.ggml.model", std::string("bert"));
  EXPECT_FAILURE(read(file), ExitCode::Unreadable, "found \"bert\"");
  file.remove("tokenizer.ggml.model");
  EXPECT_FAILURE(read(file), ExitCode::Unreadable, "found nothing");
}

TEST_F(GgufVocabulary, a_special_id_lies_outside) {
  file.set("tokenizer.ggml.bos_token_id", 260u);
  EXPECT_FAILURE(read(file), ExitCode::Malformed,
                 "bos_token_id: expected an integer from 0 to 259, found 260");
}
