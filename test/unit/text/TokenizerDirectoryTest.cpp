//===- TokenizerDirectoryTest.cpp - Which file of a checkpoint is read ----===//

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/support/Error.h"
#include "test/unit/text/PieceModel.h"
#include "test/unit/text/SmallTokenizer.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <gtest/gtest.h>

using namespace tritc;
using namespace tritc::test;

namespace {

class TokenizerDirectory : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("tokenizer", folder));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  void write(llvm::StringRef name, llvm::StringRef text) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    std::error_code error;
    llvm::raw_fd_ostream(path, error) << text;
    ASSERT_FALSE(error);
  }
  void writeTiktoken() {
    std::string text;
    for (int byte = 0; byte < 256; ++byte)
      text += llvm::encodeBase64(std::string(1, static_cast<char>(byte))) +
              " " + std::to_string(byte) + "\n";
    write("tokenizer.model", text);
  }
  void writeJson(bool addsBos) {
    llvm::json::Object document = smallTokenizer();
    if (!addsBos)
      document["post_processor"] = nullptr;
    write("tokenizer.json", textOf(std::move(document)));
  }

  std::string failure(const import::TokenizerContext &context = {}) {
    auto model = import::readTokenizer(folder, context);
    EXPECT_FALSE(bool(model));
    if (model)
      return "";
    Failure failure = toFailure(model.takeError());
    return std::to_string(static_cast<int>(failure.code)) + ": " +
           failure.message;
  }
  import::TokenizerModel read(const import::TokenizerContext &context = {}) {
    auto model = import::readTokenizer(folder, context);
    EXPECT_TRUE(bool(model)) << toFailure(model.takeError()).message;
    return model ? std::move(*model) : import::TokenizerModel();
  }

  llvm::SmallString<128> folder;
};

} // namespace

TEST_F(TokenizerDirectory, PrefersTokenizerJson) {
  writeTiktoken();
  EXPECT_EQ(read().tokens.size(), 512u);
  writeJson(/*addsBos=*/true);
  EXPECT_EQ(read().tokens.size(), 260u);
}

TEST_F(TokenizerDirectory, SaysWhenThereIsNone) {
  EXPECT_EQ(failure(), "2: tokenizer.json: not found in " + folder.str().str() +
                           ", nor tokenizer.model; name one with --tokenizer=");
}

TEST_F(TokenizerDirectory, NamesTheFileWithItsFolder) {
  write("tokenizer.model", "");
  EXPECT_EQ(failure(), "2: " + folder.str().str() +
                           "/tokenizer.model: expected a tokenizer, found an "
                           "empty file; download it again");
  write("tokenizer.json", "[]");
  EXPECT_EQ(failure(),
            "3: " + folder.str().str() +
                "/tokenizer.json: expected a JSON object, found an array");
}

TEST_F(TokenizerDirectory, DoesNotReadAFolder) {
  ASSERT_FALSE(llvm::sys::fs::create_directory(folder + "/tokenizer.json"));
  EXPECT_EQ(failure().substr(0, 3), "2: ");
}

TEST_F(TokenizerDirectory, TakesTheBosOfTheTemplateFirst) {
  writeJson(/*addsBos=*/true);
  EXPECT_EQ(read({.vocabSize = 260, .bosToken = 7}).bos, 258u);
  writeJson(/*addsBos=*/false);
  EXPECT_EQ(read({.vocabSize = 260, .bosToken = 7}).bos, 7u);
  EXPECT_FALSE(read({.vocabSize = 260, .bosToken = 7}).addsBos);
  EXPECT_EQ(read().bos, std::nullopt);
}

TEST_F(TokenizerDirectory, RejectsABosThatIsNoToken) {
  writeJson(/*addsBos=*/false);
  EXPECT_EQ(failure({.vocabSize = 300, .bosToken = 260}),
            "3: config.json: bos_token_id: expected one of 260 tokens, found "
            "260");
}

TEST_F(TokenizerDirectory, TakesTheChosenFile) {
  writeJson(/*addsBos=*/true);
  writeTiktoken();
  import::TokenizerContext context;
  context.file = folder.str().str() + "/tokenizer.model";
  EXPECT_EQ(read(context).tokens.size(), 512u);
  context.file = "/nonexistent";
  EXPECT_EQ(failure(context).substr(0, 17), "2: /nonexistent: ");
}

TEST_F(TokenizerDirectory, TakesTheSettingsBesideASentencePieceFile) {
  write("tokenizer.model", pieceModel({{"a", -1, 1}}));
  import::TokenizerModel legacy = read();
  EXPECT_TRUE(legacy.addsBos);
  EXPECT_FALSE(legacy.addsEos);
  EXPECT_EQ(legacy.spacePrefix, import::SpacePrefix::Everywhere);
  write("tokenizer_config.json",
        "{\"legacy\": false, \"add_bos_token\": false, "
        "\"add_eos_token\": true}");
  import::TokenizerModel model = read();
  EXPECT_FALSE(model.addsBos);
  EXPECT_TRUE(model.addsEos);
  EXPECT_EQ(model.spacePrefix, import::SpacePrefix::AtStart);
  write("tokenizer_config.json", "{\"add_prefix_space\": false}");
  EXPECT_EQ(read().spacePrefix, import::SpacePrefix::Nowhere);
}

TEST_F(TokenizerDirectory, AddsTokensBehindThePieces) {
  write("tokenizer.model", pieceModel({{"a", -1, 1}}));
  write("added_tokens.json", "{\"</line>\": 261, \"<pad>\": 260}");
  import::TokenizerModel model = read();
  ASSERT_EQ(model.tokens.size(), 262u);
  EXPECT_EQ(model.tokens[260], "<pad>");
  EXPECT_EQ(model.findAdded("</line>"), 261u);
  for (const char *bad : {"{\"<pad>\": 262}", "{\"<pad>\": -1}",
                          "{\"<pad>\": \"260\"}", "{\"<pad>\": 3}"}) {
    write("added_tokens.json", bad);
    EXPECT_EQ(failure().substr(0, 3), "3: ") << bad;
  }
}
