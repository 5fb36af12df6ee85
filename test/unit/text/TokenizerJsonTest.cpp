//===- TokenizerJsonTest.cpp - Reading tokenizer.json
//-----------------------===//

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/support/Error.h"
#include "test/unit/text/ChangedTokenizer.h"
#include "test/unit/text/TestTokenizer.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>

#include <random>

using namespace tritc;
using namespace tritc::test;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;
using Spelled = std::vector<std::string>;

static void leave(Object &, Object &) {}

TEST(TokenizerJson, ReadsAllParts) {
  import::TokenizerModel model = modelAfter(leave);
  ASSERT_EQ(model.tokens.size(), 260u);
  for (int byte = 0; byte < 256; ++byte)
    EXPECT_EQ(model.tokens[byte], std::string(1, static_cast<char>(byte)));
  EXPECT_EQ(model.tokens[256], " a");
  EXPECT_EQ(model.tokens[258], "<s>");
  EXPECT_TRUE(model.wholePiece);
  EXPECT_TRUE(model.addsBos);
  EXPECT_EQ(model.bos, 258u);
  EXPECT_EQ(model.findAdded("<e>"), 259u);
  EXPECT_EQ(model.findAdded("ab"), std::nullopt);
  EXPECT_EQ(TestTokenizer(model).tokens("ab a<s>"),
            (Spelled{"ab", " a", "<s>"}));
}

TEST(TokenizerJson, ReadsMergesAsPairs) {
  import::TokenizerModel model = modelAfter([](Object &, Object &model) {
    model["merges"] = Array{Array{"\u0120", "a"}, Array{"a", "b"}};
  });
  EXPECT_EQ(model.merges.size(), 2u);
  EXPECT_EQ(model.merges[1].merged, 257u);
}

TEST(TokenizerJson, KeepsAddedTokensOfTheVocabulary) {
  import::TokenizerModel model = modelAfter([](Object &document, Object &) {
    document["added_tokens"].getAsArray()->push_back(addedToken(257, "ab"));
  });
  EXPECT_TRUE(model.isPiece[257]);
  EXPECT_EQ(model.findAdded("ab"), 257u);
}

TEST(TokenizerJson, RejectsWhatIsNoJson) {
  EXPECT_EQ(failureOf(""), "2: tokenizer.json: expected JSON, found an empty "
                           "file; download it again");
  EXPECT_EQ(failureOf("{").substr(0, 41),
            "3: tokenizer.json: malformed JSON at byte");
  EXPECT_EQ(failureOf("{\"a\": \"\xff\"}").substr(0, 41),
            "3: tokenizer.json: malformed JSON at byte");
  EXPECT_EQ(failureOf("[]"),
            "3: tokenizer.json: expected a JSON object, found an array");
  EXPECT_EQ(failureOf(std::string(1000000, '[')),
            "3: tokenizer.json: JSON is nested deeper than 64 levels");
  std::string text = textOf(smallTokenizer());
  for (size_t size = 1; size < text.size(); size += 97)
    EXPECT_EQ(failureOf(llvm::StringRef(text).take_front(size)).substr(0, 2),
              "3:");
}

TEST(TokenizerJson, RejectsAMissingPart) {
  EXPECT_EQ(
      failureAfter([](Object &document, Object &) { document.erase("model"); }),
      "3: tokenizer.json: model: missing, expected an object");
  EXPECT_EQ(
      failureAfter([](Object &, Object &model) { model.erase("merges"); }),
      "3: tokenizer.json: model.merges: missing, expected an array");
  EXPECT_EQ(failureAfter([](Object &, Object &model) { model.erase("vocab"); }),
            "3: tokenizer.json: model.vocab: missing, expected an object of "
            "ids");
  EXPECT_EQ(
      failureAfter([](Object &, Object &model) { model["vocab"] = Object{}; }),
      "3: tokenizer.json: model.vocab: empty");
  EXPECT_EQ(failureAfter([](Object &, Object &model) {
              model["vocab"] = Object{{"zz", 0}};
            }),
            "3: tokenizer.json: model.vocab: expected tokens of single bytes, "
            "found none");
}

/// As in Hugging Face's tokenizers: the others become neighbours.
TEST(TokenizerJson, BytesWithoutATokenVanish) {
  TestTokenizer tokenizer(modelAfter([](Object &, Object &model) {
    for (int byte : {0x7a, 0xc0, 0xc1, 0xf5, 0xff, 0xa9})
      model.getObject("vocab")->erase(alphabetOf(uint8_t(byte)));
  }));
  EXPECT_EQ(tokenizer.tokens("azb"), (Spelled{"ab"}));
  EXPECT_EQ(tokenizer.tokens("z"), Spelled{});
  EXPECT_EQ(tokenizer.tokens("\u00e9z"), (Spelled{"\xc3"}));
}

TEST(TokenizerJson, BytesWithoutATokenAreUnknown) {
  auto unknown = [](bool fuses) {
    return TestTokenizer(modelAfter([&](Object &, Object &model) {
      model.getObject("vocab")->erase("z");
      model["unk_token"] = "b";
      model["fuse_unk"] = fuses;
    }));
  };
  EXPECT_EQ(unknown(false).tokens("zzaz"), (Spelled{"b", "b", "ab"}));
  EXPECT_EQ(unknown(true).tokens("zzaz"), (Spelled{"b", "ab"}));
  EXPECT_EQ(failureAfter([](Object &, Object &model) {
              model.getObject("vocab")->erase("z");
              model["unk_token"] = "zz";
            }),
            "3: tokenizer.json: model.unk_token: \"zz\" is not in "
            "model.vocab");
}

/// GPT-4o has 18 ids without a token.
TEST(TokenizerJson, IdsMayHaveHoles) {
  import::TokenizerModel model = modelAfter(
      [](Object &, Object &model) { (*model.getObject("vocab"))["ab"] = 270; });
  EXPECT_EQ(model.tokens.size(), 271u);
  TestTokenizer tokenizer(model);
  EXPECT_EQ(tokenizer.encode("ab"), (std::vector<int32_t>{270}));
  EXPECT_EQ(tokenizer.get().bytesOf(265), "");
  EXPECT_EQ(failureAfter([](Object &, Object &model) {
              (*model.getObject("vocab"))["ab"] = 1 << 24;
            }),
            "3: tokenizer.json: model.vocab: token \"ab\": expected an id "
            "below the model's vocab_size 16777216, found 16777216");
}

/// Falcon 3 adds the token of a line break as the alphabet spells it.
TEST(TokenizerJson, AddedTokensMayBeSpelledInTheAlphabet) {
  TestTokenizer tokenizer(modelAfter([](Object &document, Object &) {
    document["added_tokens"].getAsArray()->push_back(
        addedToken(10, "\u010a", /*special=*/false));
  }));
  EXPECT_EQ(tokenizer.encode("a\nb"), (std::vector<int32_t>{97, 10, 98}));
  EXPECT_EQ(tokenizer.encode("a\u010ab"), (std::vector<int32_t>{97, 10, 98}));
  EXPECT_EQ(tokenizer.get().bytesOf(10), "\n");
}

TEST(TokenizerJson, RejectsDuplicateTokens) {
  EXPECT_EQ(failureOf(R"({"model": {"vocab": {"a": 0, "a": 1}}})"),
            "3: tokenizer.json: duplicate key \"a\"");
  EXPECT_EQ(failureAfter([](Object &document, Object &) {
              document["added_tokens"].getAsArray()->push_back(
                  addedToken(260, "<s>"));
            }),
            "3: tokenizer.json: added_tokens: \"<s>\" stands twice");
}

TEST(TokenizerJson, RejectsIdsThatAreNotOneEach) {
  EXPECT_EQ(failureAfter([](Object &, Object &model) {
              (*model.getObject("vocab"))["ab"] = 256;
            }),
            "3: tokenizer.json: model.vocab: id 256 stands for both \"ab\" and "
            "\"\\C4\\A0a\"");
  EXPECT_EQ(failureAfter(leave, {.vocabSize = 257, .bosToken = {}}),
            "3: tokenizer.json: model.vocab: token \"ab\": expected an id "
            "below the model's vocab_size 257, found 257");
  EXPECT_EQ(failureAfter(leave, {.vocabSize = 260, .bosToken = {}}), "");
  for (Value id : {Value(-1), Value("7"), Value(nullptr), Value(1e30)})
    EXPECT_EQ(failureAfter([&](Object &, Object &model) {
                (*model.getObject("vocab"))["ab"] = id;
              }).substr(0, 70),
              "3: tokenizer.json: model.vocab: token \"ab\": expected a text "
              "with an id");
  EXPECT_EQ(failureAfter([](Object &document, Object &) {
              document["added_tokens"].getAsArray()->push_back(
                  addedToken(3, "ab"));
            }),
            "3: tokenizer.json: added_tokens: \"ab\": expected id 257 of "
            "model.vocab, found 3");
}

/// Gemma 3 has one for images: a model of text has no row for it.
TEST(TokenizerJson, AddedTokensWithoutARowAreText) {
  auto model =
      import::parseTokenizerJson(textOf(smallTokenizer()), "tokenizer.json",
                                 {.vocabSize = 259, .bosToken = {}});
  ASSERT_TRUE(bool(model));
  EXPECT_EQ(model->tokens.size(), 259u);
  EXPECT_EQ(model->findAdded("<e>"), std::nullopt);
  EXPECT_EQ(TestTokenizer(*model).tokens("<e><s>"),
            (Spelled{"<", "e", ">", "<s>"}));
}

TEST(TokenizerJson, RejectsTextOutsideTheByteAlphabet) {
  EXPECT_EQ(failureAfter([](Object &, Object &model) {
              model.getObject("vocab")->erase("ab");
              (*model.getObject("vocab"))["\u4e2d"] = 257;
            }),
            "3: tokenizer.json: model.vocab: token \"\\E4\\B8\\AD\": a "
            "character is not of the byte alphabet");
}

TEST(TokenizerJson, RejectsMergesThatCannotBe) {
  auto withMerge = [](Value merge) {
    return failureAfter([&](Object &, Object &model) {
      model.getArray("merges")->push_back(std::move(merge));
    });
  };
  const std::string where = "3: tokenizer.json: model.merges[2]: ";
  EXPECT_EQ(withMerge("ab c"), where + "token \"abc\" is not in model.vocab");
  EXPECT_EQ(withMerge("xyz c"), where + "token \"xyz\" is not in model.vocab");
  EXPECT_EQ(withMerge("a b"), where + "\"a\" and \"b\" merge twice");
  for (Value merge : {Value("ab"), Value("a  b"), Value(" b"), Value("a "),
                      Value("a b c"), Value(7), Value(Array{"a"}),
                      Value(Array{"a", "b", "c"}), Value(Array{"a", 1})})
    EXPECT_EQ(withMerge(std::move(merge)).substr(0, where.size() + 19),
              where + "expected two tokens");
}

TEST(TokenizerJson, RejectsFlagsItDoesNotImplement) {
  EXPECT_EQ(failureAfter([](Object &document, Object &) {
              Object &token =
                  *(*document.getArray("added_tokens"))[1].getAsObject();
              token["single_word"] = true;
            }),
            "2: tokenizer.json: added_tokens[1]: single_word: not supported, "
            "expected false");
  EXPECT_EQ(
      failureAfter([](Object &, Object &model) { model["type"] = "Unigram"; }),
      "2: tokenizer.json: model.type: not supported, expected BPE, found "
      "Unigram");
  EXPECT_EQ(
      failureAfter([](Object &, Object &model) { model["dropout"] = 0.1; }),
      "2: tokenizer.json: model: dropout: not supported, expected null");
  EXPECT_EQ(failureAfter([](Object &, Object &model) {
              model["end_of_word_suffix"] = "</w>";
            }),
            "2: tokenizer.json: model: end_of_word_suffix: not supported, "
            "expected null");
}

/// The small tokenizer as a converted SentencePiece: characters and "<0x00>".
static Object smallPieces() {
  Object document = smallTokenizer();
  Object vocab{{"<s>", 0},      {"a", 257},       {"b", 258},
               {"\u2581", 259}, {"\u2581a", 260}, {"ab", 261}};
  for (int byte = 0; byte < 256; ++byte)
    vocab["<0x" + llvm::utohexstr(byte, false, 2) + ">"] = byte + 1;
  document["added_tokens"] = Array{addedToken(0, "<s>")};
  document["post_processor"] = nullptr;
  document["pre_tokenizer"] = nullptr;
  document["normalizer"] = Object{
      {"type", "Sequence"},
      {"normalizers", Array{Object{{"type", "Prepend"}, {"prepend", "\u2581"}},
                            Object{{"type", "Replace"},
                                   {"pattern", Object{{"String", " "}}},
                                   {"content", "\u2581"}}}}};
  document["decoder"] =
      Object{{"type", "Sequence"},
             {"decoders",
              Array{Object{{"type", "Replace"},
                           {"pattern", Object{{"String", "\u2581"}}},
                           {"content", " "}},
                    Object{{"type", "ByteFallback"}}, Object{{"type", "Fuse"}},
                    Object{{"type", "Strip"},
                           {"content", " "},
                           {"start", 1},
                           {"stop", 0}}}}};
  document["model"] = Object{{"type", "BPE"},
                             {"unk_token", "<unk>"},
                             {"fuse_unk", true},
                             {"byte_fallback", true},
                             {"vocab", std::move(vocab)},
                             {"merges", Array{"\u2581 a", "a b"}}};
  return document;
}

static Spelled tokensOf(Object document, llvm::StringRef text) {
  auto model = import::parseTokenizerJson(textOf(std::move(document)),
                                          "tokenizer.json", {});
  if (!model) {
    ADD_FAILURE() << toFailure(model.takeError()).message;
    return {};
  }
  return TestTokenizer(*model).tokens(text);
}

TEST(TokenizerJson, ReadsConvertedSentencePieces) {
  EXPECT_EQ(tokensOf(smallPieces(), "ab a<s>abé"),
            (Spelled{" a", "b", " a", "<s>", " a", "b", "\xc3", "\xa9"}));
}

TEST(TokenizerJson, MetaspaceSaysWhereTheSpaceGoes) {
  auto with = [](llvm::StringRef scheme, llvm::StringRef text) {
    Object document = smallPieces();
    document["normalizer"] = nullptr;
    document["pre_tokenizer"] = Object{{"type", "Metaspace"},
                                       {"replacement", "\u2581"},
                                       {"prepend_scheme", scheme},
                                       {"split", false}};
    return tokensOf(std::move(document), text);
  };
  EXPECT_EQ(with("first", "a<s>a"), (Spelled{" a", "<s>", "a"}));
  EXPECT_EQ(with("always", "a<s>a"), (Spelled{" a", "<s>", " a"}));
  EXPECT_EQ(with("never", "a<s>a"), (Spelled{"a", "<s>", "a"}));
  EXPECT_EQ(with("first", " a"), (Spelled{" a"}));
}

TEST(TokenizerJson, SpacesOfGemma) {
  Object document = smallPieces();
  document["normalizer"] = Object{{"type", "Replace"},
                                  {"pattern", Object{{"String", " "}}},
                                  {"content", "\u2581"}};
  document["pre_tokenizer"] = Object{{"type", "Split"},
                                     {"pattern", Object{{"String", " "}}},
                                     {"behavior", "MergedWithPrevious"},
                                     {"invert", false}};
  EXPECT_EQ(tokensOf(std::move(document), "a a"), (Spelled{"a", " a"}));
}

TEST(TokenizerJson, RejectsOtherConversionsOfSentencePieces) {
  auto failure = [](llvm::StringRef key, Value value) {
    Object document = smallPieces();
    document[key] = std::move(value);
    return failureOf(textOf(std::move(document)));
  };
  EXPECT_EQ(failure("normalizer", nullptr),
            "2: tokenizer.json: normalizer: not supported, expected one that "
            "turns spaces into U+2581, found nothing");
  EXPECT_EQ(failure("normalizer", Object{{"type", "NFKC"}}),
            "2: tokenizer.json: normalizer: not supported, expected Prepend "
            "and Replace of SentencePiece, found other settings of NFKC");
  EXPECT_EQ(failure("pre_tokenizer", Object{{"type", "Metaspace"},
                                            {"replacement", "\u2581"},
                                            {"split", true}})
                .substr(0, 32),
            "2: tokenizer.json: pre_tokenizer");
  Object document = smallPieces();
  (*document.getObject("model"))["byte_fallback"] = false;
  EXPECT_EQ(failureOf(textOf(std::move(document))).substr(0, 3), "3: ");
  document = smallPieces();
  document.getObject("model")->getObject("vocab")->erase("<0x0A>");
  EXPECT_EQ(failureOf(textOf(std::move(document))),
            "3: tokenizer.json: model.unk_token: \"<unk>\" is not in "
            "model.vocab");
}

/// Gemma 1 and 2 spell the tabulator "\t" instead of <0x09>.
TEST(TokenizerJson, ACharacterMayTakeThePlaceOfAByte) {
  Object document = smallPieces();
  Object &vocab = *document.getObject("model")->getObject("vocab");
  vocab.erase("<0x09>");
  vocab.erase("<0xC3>");
  vocab["\t"] = 10;
  vocab["<unk>"] = 262;
  EXPECT_EQ(tokensOf(std::move(document), "\ta\u00e9\u00ean\u00e9b"),
            (Spelled{" ", "\t", "a", "n", "<unk>", "b"}));
}

/// Gemma 3 has tokens of runs of U+2581, which a text must have as they are.
TEST(TokenizerJson, RawTokensOfSpacesAreFoundInTheRawText) {
  Object document = smallPieces();
  (*document.getObject("model")->getObject("vocab"))["\u2581\u2581"] = 262;
  document["added_tokens"].getAsArray()->push_back(
      addedToken(262, "\u2581\u2581", /*special=*/false));
  document["normalizer"] = Object{{"type", "Replace"},
                                  {"pattern", Object{{"String", " "}}},
                                  {"content", "\u2581"}};
  EXPECT_EQ(tokensOf(document, "\u2581\u2581 a"), (Spelled{"  ", " a"}));
  EXPECT_EQ(tokensOf(document, " \u2581\u2581a"), (Spelled{" ", "  ", "a"}));
  EXPECT_EQ(tokensOf(document, "  a"), (Spelled{" ", " a"}));
}

// Whatever a damaged file becomes, it is one line or a tokenizer that works.
TEST(TokenizerJson, SurvivesDamage) {
  const std::string whole = textOf(smallTokenizer());
  static const char damage[] = "\"{}[],:0179-.ex\\u \x01\x80\xff";
  std::mt19937 random(17);
  for (int round = 0; round < 3000; ++round) {
    std::string text = whole;
    for (size_t count = 1 + random() % 3; count > 0; --count)
      text[random() % text.size()] = damage[random() % (sizeof(damage) - 1)];
    auto model = import::parseTokenizerJson(text, "tokenizer.json",
                                            {.vocabSize = 260, .bosToken = {}});
    if (!model) {
      Failure failure = toFailure(model.takeError());
      ASSERT_TRUE(failure.code == ExitCode::Malformed ||
                  failure.code == ExitCode::Unreadable);
      ASSERT_EQ(failure.message.rfind("tokenizer.json: ", 0), 0u);
      continue;
    }
    std::string joined;
    for (const std::string &token : TestTokenizer(*model).tokens(
             "ab a\u4e2d", text::SpecialTokens::AsText))
      joined += token;
    ASSERT_EQ(joined, "ab a\u4e2d");
  }
}
