//===- TokenizerPipelineTest.cpp - The stages around BPE ------------------===//

#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "test/unit/text/ChangedTokenizer.h"
#include "test/unit/text/TestTokenizer.h"

using namespace tritc;
using namespace tritc::test;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;
using Spelled = std::vector<std::string>;

/// Pitfall 14: early files of Llama 3 have no template, and so no BOS.
TEST(TokenizerPipeline, FollowsThePostProcessor) {
  EXPECT_FALSE(modelAfter([](Object &document, Object &) {
                 document["post_processor"] = Object{{"type", "ByteLevel"}};
               }).addsBos);
  EXPECT_FALSE(modelAfter([](Object &document, Object &) {
                 document["post_processor"] = nullptr;
               }).addsBos);
  EXPECT_TRUE(modelAfter([](Object &document, Object &) {
                Value bosTemplate = std::move(document["post_processor"]);
                document["post_processor"] =
                    Object{{"type", "Sequence"},
                           {"processors", Array{Object{{"type", "ByteLevel"}},
                                                std::move(bosTemplate)}}};
              }).addsBos);
}

TEST(TokenizerPipeline, ReadsThePipelineOfGpt2) {
  import::TokenizerModel model = modelAfter([](Object &document, Object &) {
    document["pre_tokenizer"] =
        Object{{"type", "ByteLevel"}, {"add_prefix_space", false}};
  });
  ASSERT_EQ(model.split.size(), 1u);
  EXPECT_EQ(model.split[0].expression, import::gpt2Expression);
}

/// Pitfall 20: what cuts the text of Falcon models is what their file says;
/// this is that of Falcon 7B.
TEST(TokenizerPipeline, StagesFollowOneAnother) {
  import::TokenizerModel model = modelAfter([](Object &document, Object &) {
    document["pre_tokenizer"] = Object{
        {"type", "Sequence"},
        {"pretokenizers",
         Array{Object{{"type", "Punctuation"}, {"behavior", "Contiguous"}},
               Object{{"type", "ByteLevel"}, {"add_prefix_space", false}},
               Object{{"type", "Digits"}, {"individual_digits", false}},
               Object{{"type", "Split"},
                      {"pattern", Object{{"Regex", "[0-9][0-9][0-9]"}}},
                      {"behavior", "Isolated"},
                      {"invert", false}}}}};
  });
  ASSERT_EQ(model.split.size(), 4u);
  EXPECT_TRUE(model.split[0].joinsMatches);
  EXPECT_FALSE(model.split[1].onBytes);
  EXPECT_TRUE(model.split[2].joinsMatches);
  EXPECT_TRUE(model.split[3].onBytes);
  EXPECT_FALSE(model.split[3].joinsMatches);
}

TEST(TokenizerPipeline, ReadsThePipelineOfQwen) {
  import::TokenizerModel model = modelAfter([](Object &document, Object &) {
    document["normalizer"] = Object{{"type", "NFC"}};
    Object &sequence = *document.getObject("pre_tokenizer");
    Object &stage = *(*sequence.getArray("pretokenizers"))[0].getAsObject();
    (*stage.getObject("pattern"))["Regex"] = import::qwen2Expression.str();
  });
  EXPECT_EQ(model.normalForm, import::NormalForm::NFC);
  EXPECT_EQ(model.split[0].expression, import::qwen2Expression);
  EXPECT_EQ(TestTokenizer(model).tokens("e\u0301"), (Spelled{"\xc3", "\xa9"}));
}

TEST(TokenizerPipeline, RejectsPipelinesItDoesNotImplement) {
  EXPECT_EQ(failureAfter([](Object &document, Object &) {
              document["normalizer"] = Object{{"type", "Lowercase"}};
            }),
            "2: tokenizer.json: normalizer: not supported, expected NFC, NFD, "
            "NFKC, NFKD or null, found Lowercase");
  EXPECT_EQ(failureAfter([](Object &document, Object &) {
              document["decoder"] = nullptr;
            }),
            "2: tokenizer.json: decoder: not supported, expected ByteLevel or "
            "that of SentencePiece, found nothing");
}

TEST(TokenizerPipeline, ReadsEveryNormalForm) {
  for (auto [name, text] :
       {std::pair("NFC", "e\u0301"), std::pair("NFD", "\u00e9"),
        std::pair("NFKC", "\uff45\u0301"), std::pair("NFKD", "\uff45\u0301")}) {
    import::TokenizerModel model =
        modelAfter([name = name](Object &document, Object &) {
          document["normalizer"] = Object{{"type", name}};
        });
    bool composes = llvm::StringRef(name).ends_with("C");
    EXPECT_EQ(TestTokenizer(model).tokens(text),
              composes ? (Spelled{"\xc3", "\xa9"})
                       : (Spelled{"e", "\xcc", "\x81"}))
        << name;
  }
}

/// GPT-4o's file says so. Without gaps it is as if each match were isolated.
TEST(TokenizerPipeline, GapsThatAreNotThereMayBeRemoved) {
  auto cut = [](const char *regex) {
    return [regex](Object &document, Object &) {
      Object &sequence = *document.getObject("pre_tokenizer");
      Object &stage = *(*sequence.getArray("pretokenizers"))[0].getAsObject();
      stage["pattern"] = Object{{"Regex", regex}};
      stage["behavior"] = "Removed";
      stage["invert"] = true;
    };
  };
  EXPECT_EQ(TestTokenizer(modelAfter(cut("\\p{L}+|\\P{L}"))).tokens("ab1"),
            (Spelled{"ab", "1"}));
  EXPECT_EQ(failureAfter(cut("\\p{L}+")),
            "2: tokenizer.json: pre_tokenizer: behavior: not supported, "
            "expected Isolated or Contiguous, found Removed");
}

TEST(TokenizerPipeline, RejectsAddedTokensThatComposingChanges) {
  EXPECT_EQ(failureAfter([](Object &document, Object &) {
              document["normalizer"] = Object{{"type", "NFC"}};
              Object token = addedToken(260, "e\u0301");
              token["normalized"] = true;
              document["added_tokens"].getAsArray()->push_back(
                  std::move(token));
            }),
            "2: tokenizer.json: added_tokens: \"e\\CC\\81\": not supported, "
            "expected a normalized token that the normalizer leaves as it is");
}

TEST(TokenizerPipeline, RejectsCutsItDoesNotImplement) {
  auto withStages = [](Value stages) {
    return failureAfter([&](Object &document, Object &) {
      document["pre_tokenizer"] = std::move(stages);
    });
  };
  auto withSplit = [&](llvm::StringRef regex, llvm::StringRef behavior) {
    return withStages(Object{{"type", "Split"},
                             {"pattern", Object{{"Regex", regex}}},
                             {"behavior", behavior}});
  };
  const std::string where = "2: tokenizer.json: pre_tokenizer: ";
  EXPECT_EQ(withSplit("\\w+", "Isolated"),
            where + "not supported, expected alternatives of runs of "
                    "characters, found \\\\w in the expression \\\\w+");
  EXPECT_EQ(withSplit("a", "Removed"),
            where + "behavior: not supported, expected Isolated or Contiguous, "
                    "found Removed");
  EXPECT_EQ(withSplit("a", "Isolated"),
            where + "not supported, expected a ByteLevel, found none");
  EXPECT_EQ(withStages(Object{{"type", "ByteLevel"}}),
            where + "add_prefix_space: not supported, expected false");
  EXPECT_EQ(withStages(nullptr),
            where + "not supported, expected a ByteLevel, found none");
  EXPECT_EQ(withStages(Object{{"type", "Whitespace"}}),
            where + "not supported, expected Split, Digits, Punctuation and "
                    "ByteLevel, found Whitespace");
  EXPECT_EQ(withStages(Object{{"type", "Split"}, {"behavior", "Isolated"}}),
            "3: tokenizer.json: pre_tokenizer: pattern: expected a Regex or a "
            "String");
}

TEST(TokenizerPipeline, RejectsTemplatesItDoesNotImplement) {
  auto withSingle = [](Array single) {
    return failureAfter([&](Object &document, Object &) {
      (*document.getObject("post_processor"))["single"] = std::move(single);
    });
  };
  auto token = [](llvm::StringRef id) {
    return Object{{"SpecialToken", Object{{"id", id}}}};
  };
  auto text = [] { return Object{{"Sequence", Object{{"id", "A"}}}}; };
  const std::string key = "tokenizer.json: post_processor.";
  EXPECT_EQ(withSingle(Array{text(), token("<s>"), token("<s>")}),
            "2: " + key +
                "single: not supported, expected at most one special token "
                "before the text and one behind it");
  EXPECT_EQ(withSingle(Array{token("<s>")}),
            "3: " + key + "single: expected the text A");
  EXPECT_EQ(withSingle(Array{token("<x>"), text()}),
            "3: " + key + "special_tokens: \"<x>\": expected one id");
  EXPECT_EQ(withSingle(Array{7}),
            "3: " + key +
                "single: expected a special token or the text "
                "A, found 7");
  EXPECT_EQ(failureAfter([](Object &document, Object &) {
              document["post_processor"] = Object{{"type", "Bert"}};
            }),
            "2: tokenizer.json: post_processor: not supported, expected "
            "ByteLevel and one TemplateProcessing, found Bert");
}

TEST(TokenizerPipeline, ATemplateMayAddATokenBehindTheText) {
  import::TokenizerModel model = modelAfter([](Object &document, Object &) {
    (*document.getObject("post_processor"))["single"] =
        Array{Object{{"Sequence", Object{{"id", "A"}}}},
              Object{{"SpecialToken", Object{{"id", "<s>"}}}}};
  });
  EXPECT_FALSE(model.addsBos);
  EXPECT_TRUE(model.addsEos);
  EXPECT_EQ(model.eos, 258u);
  TestTokenizer tokenizer(model);
  EXPECT_TRUE(tokenizer.get().addsEos());
  EXPECT_EQ(tokenizer.get().eosId(), 258);
}
