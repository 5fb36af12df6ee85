//===- SentencePieceTest.cpp - Pieces with scores -------------------------===//

#include "compiler/import/tokenizer/Protobuf.h"
#include "compiler/support/Error.h"
#include "test/unit/text/PieceModel.h"
#include "test/unit/text/TestTokenizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace tritc;
using namespace tritc::test;
using import::SentencePiece;
using Pieces = std::vector<SentencePiece>;
using Spelled = std::vector<std::string>;

static std::string failureOf(llvm::Error error) {
  Failure failure = toFailure(std::move(error));
  return std::to_string(int(failure.code)) + ": " + failure.message;
}

static std::string failureOf(llvm::StringRef bytes, uint32_t vocab = 1000) {
  import::TokenizerContext context;
  context.vocabSize = vocab;
  auto model = import::parseSentencePiece(bytes, "tokenizer.model", context);
  return model ? "" : failureOf(model.takeError());
}

static import::TokenizerModel modelOf(const std::string &bytes) {
  auto model = import::parseSentencePiece(bytes, "tokenizer.model", {});
  EXPECT_TRUE(bool(model)) << failureOf(bytes);
  return model ? std::move(*model)
               : (consumeError(model.takeError()), import::TokenizerModel());
}

static const Pieces small = {
    {"a", -9, 1},      {"b", -9, 1},       {"c", -9, 1},
    {"ab", -2, 1},     {"bc", -1, 1},      {"aa", -4, 1},
    {"\u2581", -9, 1}, {"\u2581a", -5, 1}, {"\u2581\u2581", -6, 4}};

TEST(SentencePiece, MergesTheHighestScoreFirst) {
  TestTokenizer tokenizer(modelOf(pieceModel(small)));
  EXPECT_EQ(tokenizer.tokens("abc"), (Spelled{" a", "bc"}));
  EXPECT_EQ(tokenizer.tokens("cabc"), (Spelled{" ", "c", "a", "bc"}));
}

TEST(SentencePiece, LeftmostOfEqualScores) {
  TestTokenizer tokenizer(modelOf(pieceModel(small)));
  EXPECT_EQ(tokenizer.tokens("caaa"), (Spelled{" ", "c", "aa", "a"}));
}

TEST(SentencePiece, CharactersThatAreNoPieceAreBytes) {
  TestTokenizer tokenizer(modelOf(pieceModel(small)));
  EXPECT_EQ(tokenizer.tokens("cé\n"),
            (Spelled{" ", "c", "\xc3", "\xa9", "\n"}));
  // A byte token's spelling is ordinary text.
  EXPECT_EQ(tokenizer.encode("<0x41>").size(), 7u);
}

TEST(SentencePiece, ASpaceInFrontOfTheTextOnly) {
  TestTokenizer tokenizer(modelOf(pieceModel(small)));
  EXPECT_EQ(tokenizer.tokens("a</s>a"), (Spelled{" a", "</s>", "a"}));
  EXPECT_EQ(tokenizer.tokens("</s>a"), (Spelled{"</s>", "a"}));
  EXPECT_TRUE(tokenizer.tokens("").empty());
  base::Array<int32_t> ids;
  tokenizer.get().encode("a", text::SpecialTokens::AsText, ids,
                         text::Place::Later);
  EXPECT_EQ(tokenizer.get().bytesOf(ids[0]), "a");
}

TEST(SentencePiece, ALiteralUnderlineIsASpace) {
  TestTokenizer tokenizer(modelOf(pieceModel(small)));
  EXPECT_EQ(tokenizer.encode("c\u2581a"), tokenizer.encode("c a"));
}

TEST(SentencePiece, UserDefinedPiecesAreFoundBeforeMerging) {
  TestTokenizer tokenizer(modelOf(pieceModel(small)));
  // Without, " a" would take one of the spaces.
  EXPECT_EQ(tokenizer.tokens("c  a"), (Spelled{" ", "c", "  ", "a"}));
}

TEST(SentencePiece, UsersCannotWriteControlTokens) {
  TestTokenizer tokenizer(modelOf(pieceModel(small)));
  EXPECT_EQ(tokenizer.encode("</s>", text::SpecialTokens::AsText).size(), 5u);
}

TEST(SentencePiece, RulesOfTheFileDecide) {
  std::string bpe = field(3, 0, varint(2));
  auto withNormalizer = [&](const std::string &more) {
    return pieceModel(small, bpe, field(4, 0, varint(0)) + more);
  };
  EXPECT_EQ(modelOf(withNormalizer(field(3, 0, varint(0)))).spacePrefix,
            import::SpacePrefix::Nowhere);
  import::TokenizerModel model = modelOf(
      pieceModel(small, bpe + "\xc8\x02" + varint(2) + "\xd0\x02" + varint(1)));
  EXPECT_EQ(model.bos, 2u);
  EXPECT_EQ(model.eos, 1u);
  std::string prefix = "2: tokenizer.model: ";
  EXPECT_EQ(failureOf(pieceModel(small, "")),
            prefix + "trainer_spec.model_type: not supported, expected 2 "
                     "(BPE), found 1");
  EXPECT_EQ(failureOf(withNormalizer(bytesField(2, "map"))),
            prefix + "normalizer_spec.precompiled_charsmap: not supported, "
                     "expected an identity");
  EXPECT_EQ(failureOf(withNormalizer(field(4, 0, varint(1)))),
            prefix + "normalizer_spec.remove_extra_whitespaces: not supported, "
                     "expected false");
  EXPECT_EQ(failureOf(withNormalizer(field(5, 0, varint(0)))),
            prefix + "normalizer_spec.escape_whitespaces: not supported, "
                     "expected true");
}

TEST(SentencePiece, RejectsPiecesThatAreNone) {
  auto failure = [](const Pieces &pieces) {
    return failureOf(pieceModel(pieces));
  };
  std::string token = "3: tokenizer.model: token 259 ";
  EXPECT_EQ(failure({{"", 0, 1}}),
            token + "\"\": expected 1 to 512 bytes of UTF-8");
  EXPECT_EQ(failure({{"\xff", 0, 1}}),
            token + "\"\\FF\": expected 1 to 512 bytes of UTF-8");
  EXPECT_EQ(failure({{std::string(513, 'a'), 0, 1}}).substr(0, 31),
            token + "\"");
  EXPECT_EQ(failure({{"a", NAN, 1}}), token + "\"a\": expected a score, "
                                              "found NaN");
  EXPECT_EQ(failure({{"a", 0, 7}}),
            token + "\"a\": expected a type from 1 to 6, found 7");
  EXPECT_EQ(failure({{"<0x-1>", 0, 6}}),
            token + "\"<0x-1>\": expected \"<0x00>\" to \"<0xFF>\" for a byte");
  EXPECT_EQ(failure({{"<0x41>", 0, 6}}), token + "\"<0x41>\": stands twice");
  EXPECT_EQ(failure({{"a", 0, 1}, {"a", 0, 1}}),
            "3: tokenizer.model: token 260 \"a\": stands twice");
  EXPECT_EQ(failure({{"a", 0, 1}, {"aa", 0, 5}}),
            "2: tokenizer.model: token 260 \"aa\": not supported, expected no "
            "unused token that others merge into");
  EXPECT_EQ(failureOf(pieceModel(small), 100),
            "3: tokenizer.model: expected at most the model's vocab_size 100 "
            "tokens, found 268");
  EXPECT_EQ(failureOf(pieceField({"a", 0, 1}) +
                      bytesField(2, field(3, 0, varint(2))) +
                      bytesField(3, field(4, 0, varint(0)))),
            "2: tokenizer.model: no token for byte 0x0: a vocabulary without "
            "byte fallback is not supported");
}

TEST(SentencePiece, SurvivesDamage) {
  std::string whole = pieceModel(small);
  std::mt19937 random(3);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = whole.substr(0, random() % (whole.size() + 1));
    for (int j = 0; j < 3 && !bytes.empty(); ++j)
      bytes[random() % bytes.size()] = char(random());
    std::string failure = failureOf(bytes);
    EXPECT_EQ(failure.find('\n'), std::string::npos);
  }
}

TEST(Protobuf, RejectsWhatIsNoMessage) {
  auto failure = [](const std::string &bytes) {
    import::ProtobufReader reader(bytes, "file");
    while (true) {
      auto next = reader.next();
      if (!next)
        return failureOf(next.takeError());
      if (!*next)
        return std::string();
    }
  };
  EXPECT_EQ(failure("\x08\x01"), "");
  EXPECT_EQ(failure("\x08"), "3: file: byte 1: expected a number of at most "
                             "64 bits");
  EXPECT_EQ(failure(std::string(1, '\0')),
            "3: file: byte 1: expected a field of a protobuf message");
  EXPECT_EQ(failure("\x0b"),
            "3: file: byte 1: expected a wire type 0, 1, 2 or 5, found 3");
  EXPECT_EQ(failure("\x0a\x05"
                    "ab"),
            "3: file: byte 2: expected 5 bytes, found 2");
  // A length of 2^63.
  EXPECT_EQ(failure("\x0a" + varint(uint64_t(1) << 63)),
            "3: file: byte 11: expected 9223372036854775808 bytes, found 0");
  EXPECT_EQ(failure("\x08" + std::string(11, '\xff')),
            "3: file: byte 10: expected a number of at most 64 bits");
}
