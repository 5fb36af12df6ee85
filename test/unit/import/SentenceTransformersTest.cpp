//===- SentenceTransformersTest.cpp - Files of sentence-transformers ------===//

#include "compiler/import/safetensors/SentenceTransformers.h"

#include "test/unit/import/TestCheckpoint.h"

#include "llvm/Support/FileSystem.h"

namespace tritc::import {
namespace {
using test::TestModel;

const std::string prefix = "sentence_transformers.models.";

/// modules.json of {path, class} pairs.
std::string
modulesOf(const std::vector<std::pair<std::string, std::string>> &modules) {
  std::string text = "[";
  for (const auto &[path, type] : modules)
    text += (text.size() > 1 ? ", " : "") + std::string("{\"path\": \"") +
            path + "\", \"type\": \"" +
            (type.find('.') == type.npos ? prefix : "") + type + "\"}";
  return text + "]";
}

/// The modes that a pooling config chooses, as numbers of TritcPoolingMode.
std::vector<uint32_t> modesOf(const std::string &config) {
  auto read = parsePooling(config, "p.json");
  if (!read) {
    ADD_FAILURE() << toFailure(read.takeError()).message;
    return {};
  }
  EXPECT_EQ(read->pooling.normalizes, 0u);
  return {read->pooling.modes, read->pooling.modes + read->pooling.modeCount};
}

using Modes = std::vector<uint32_t>;

TEST(SentenceModules, NamesTheFoldersOfItsParts) {
  auto modules = parseModules(
      modulesOf(
          {{"0_T", "Transformer"}, {"1_P", "Pooling"}, {"2_N", "Normalize"}}),
      "m.json");
  ASSERT_TRUE(bool(modules));
  EXPECT_EQ(modules->transformer, "0_T");
  EXPECT_EQ(modules->pooling, "1_P");
  EXPECT_TRUE(modules->normalizes);
}

TEST(SentenceModules, NormalizesOnlyWhereItSaysSo) {
  auto modules =
      parseModules(modulesOf({{"", "Transformer"}, {"p", "Pooling"}}), "m");
  ASSERT_TRUE(bool(modules));
  EXPECT_FALSE(modules->normalizes);
}

TEST(SentenceModules, KnowsTheNewNamesOfItsClasses) {
  auto modules = parseModules(
      modulesOf(
          {{"", "sentence_transformers.base.modules.transformer.Transformer"},
           {"p", "sentence_transformers.sentence_transformer.modules.pooling."
                 "Pooling"},
           {"d", "Dropout"}}),
      "m");
  EXPECT_TRUE(bool(modules));
}

TEST(SentenceModules, RefusesOtherModulesByTheirName) {
  for (const char *other :
       {"Dense", "LayerNorm", "WeightedLayerPooling", "Router", "LSTM"})
    EXPECT_FAILURE(parseModules(modulesOf({{"", "Transformer"},
                                           {"1", "Pooling"},
                                           {"2", other},
                                           {"3", "Normalize"}}),
                                "m.json"),
                   ExitCode::Unreadable,
                   "m.json: unsupported module, expected Transformer, Pooling "
                   "or Normalize, found \"" +
                       prefix + other + "\"");
  // Of somebody else, whatever it is called.
  EXPECT_FAILURE(
      parseModules(modulesOf({{"", "my_models.Transformer"}}), "m.json"),
      ExitCode::Unreadable, "found \"my_models.Transformer\"");
}

TEST(SentenceModules, RefusesAnotherOrder) {
  EXPECT_FAILURE(parseModules("[]", "m.json"), ExitCode::Unreadable,
                 "m.json: unsupported modules, expected Transformer first, "
                 "found nothing");
  EXPECT_FAILURE(parseModules(modulesOf({{"", "Transformer"}}), "m.json"),
                 ExitCode::Unreadable, "expected Pooling");
  EXPECT_FAILURE(parseModules(modulesOf({{"", "Transformer"},
                                         {"n", "Normalize"},
                                         {"p", "Pooling"}}),
                              "m.json"),
                 ExitCode::Unreadable, "found Normalize");
  EXPECT_FAILURE(
      parseModules(
          modulesOf({{"", "Transformer"}, {"p", "Pooling"}, {"q", "Pooling"}}),
          "m.json"),
      ExitCode::Unreadable, "found Pooling");
}

TEST(SentenceModules, NeverLeavesItsDirectory) {
  for (const char *path : {"../1_Pooling", "/etc", "a/../../b"})
    EXPECT_FAILURE(
        parseModules(modulesOf({{"", "Transformer"}, {path, "Pooling"}}),
                     "m.json"),
        ExitCode::Malformed, "m.json: path: expected a folder of the model");
  EXPECT_FAILURE(
      parseModules(modulesOf({{"", "Transformer"}, {"", "Pooling"}}), "m.json"),
      ExitCode::Malformed, "expected the folder of Pooling");
}

TEST(SentenceModules, RefusesWhatIsNoListOfModules) {
  EXPECT_FAILURE(parseModules("{}", "m.json"), ExitCode::Malformed,
                 "m.json: expected a list");
  EXPECT_FAILURE(parseModules("[1]", "m.json"), ExitCode::Malformed,
                 "m.json: expected objects, found 1");
  EXPECT_FAILURE(parseModules("[{\"type\": 3}]", "m.json"), ExitCode::Malformed,
                 "m.json: type: expected a string");
}

TEST(PoolingConfig, ReadsTheKeysOfEachMode) {
  EXPECT_EQ(modesOf(R"({"word_embedding_dimension": 8,
      "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true})"),
            Modes{TRITC_POOL_MEAN});
  EXPECT_EQ(modesOf(R"({"pooling_mode_cls_token": true})"),
            Modes{TRITC_POOL_FIRST});
  EXPECT_EQ(modesOf(R"({"pooling_mode_max_tokens": true})"),
            Modes{TRITC_POOL_MAX});
  EXPECT_EQ(modesOf(R"({"pooling_mode_mean_sqrt_len_tokens": true})"),
            Modes{TRITC_POOL_MEAN_SQRT});
  EXPECT_EQ(modesOf(R"({"pooling_mode_weightedmean_tokens": true})"),
            Modes{TRITC_POOL_WEIGHTED_MEAN});
  EXPECT_EQ(modesOf(R"({"pooling_mode_lasttoken": true})"),
            Modes{TRITC_POOL_LAST});
}

TEST(PoolingConfig, IsTheMeanWhereNothingIsSaid) {
  EXPECT_EQ(modesOf("{}"), Modes{TRITC_POOL_MEAN});
}

TEST(PoolingConfig, JoinsSeveralModes) {
  EXPECT_EQ(modesOf(R"({"pooling_mode_lasttoken": true,
                        "pooling_mode_mean_tokens": true})"),
            (Modes{TRITC_POOL_MEAN, TRITC_POOL_LAST}));
  EXPECT_EQ(modesOf(R"({"pooling_mode": ["lasttoken", "cls"]})"),
            (Modes{TRITC_POOL_LAST, TRITC_POOL_FIRST}));
  EXPECT_FAILURE(parsePooling(R"({"pooling_mode": ["max", "max"]})", "p"),
                 ExitCode::Malformed, "found one twice");
}

TEST(PoolingConfig, ReadsTheNewKey) {
  EXPECT_EQ(modesOf(R"({"embedding_dimension": 8, "pooling_mode": "max",
                        "pooling_mode_mean_tokens": true})"),
            Modes{TRITC_POOL_MAX});
  EXPECT_FAILURE(parsePooling(R"({"pooling_mode": "attention"})", "p.json"),
                 ExitCode::Unreadable,
                 "p.json: pooling_mode: unsupported mode");
  EXPECT_FAILURE(parsePooling(R"({"pooling_mode": []})", "p.json"),
                 ExitCode::Unreadable, "expected a mode");
}

TEST(PoolingConfig, RefusesAModeItDoesNotKnow) {
  EXPECT_FAILURE(
      parsePooling(R"({"pooling_mode_attention": true})", "p.json"),
      ExitCode::Unreadable,
      "p.json: pooling_mode_attention: unsupported, expected nothing");
  EXPECT_EQ(modesOf(R"({"pooling_mode_attention": false})"),
            Modes{TRITC_POOL_MEAN});
  EXPECT_FAILURE(parsePooling(R"({"pooling_mode_cls_token": 1})", "p.json"),
                 ExitCode::Malformed, "pooling_mode_cls_token: expected true");
}

TEST(SentencePrompts, AreReadByName) {
  std::vector<std::string> notes;
  auto prompts = parsePrompts(
      R"({"prompts": {"query": "query: ", "document": ""},
          "default_prompt_name": "query", "similarity_fn_name": "cosine",
          "__version__": {"pytorch": "2"}, "colour": "red"})",
      "c.json", notes);
  ASSERT_TRUE(bool(prompts));
  ASSERT_EQ(prompts->list.size(), 2u);
  EXPECT_EQ(prompts->list[1].name, "query");
  EXPECT_EQ(prompts->list[1].text, "query: ");
  EXPECT_EQ(prompts->byDefault, 1u);
  EXPECT_EQ(notes, std::vector<std::string>{"c.json: colour: ignored"});
}

TEST(SentencePrompts, RefusesADefaultThatIsNone) {
  std::vector<std::string> notes;
  EXPECT_FAILURE(
      parsePrompts(R"({"prompts": {}, "default_prompt_name": "q"})", "c.json",
                   notes),
      ExitCode::Malformed,
      "c.json: default_prompt_name: expected one of prompts, found \"q\"");
  EXPECT_FAILURE(parsePrompts(R"({"prompts": {"q": 1}})", "c.json", notes),
                 ExitCode::Malformed,
                 "c.json: prompts: q: expected a string, found 1");
  EXPECT_FAILURE(parsePrompts(R"({"model_type": "SparseEncoder"})", "c", notes),
                 ExitCode::Unreadable, "model_type: unsupported");
  EXPECT_FAILURE(parsePrompts(R"({"truncate_dim": 64})", "c", notes),
                 ExitCode::Unreadable, "truncate_dim: unsupported");
}

TEST(SentenceLimits, RefusesToChangeTheText) {
  std::vector<std::string> notes;
  auto limits = parseSentenceLimits(
      R"({"max_seq_length": 512, "do_lower_case": false})", "s", notes);
  ASSERT_TRUE(bool(limits));
  EXPECT_EQ(limits->maxTokens, 512u);
  EXPECT_EQ(notes.size(), 0u);
  EXPECT_FAILURE(parseSentenceLimits(R"({"do_lower_case": true})", "s", notes),
                 ExitCode::Unreadable,
                 "s: do_lower_case: unsupported, expected false, found true");
}

//===----------------------------------------------------------------------===//
// In a directory
//===----------------------------------------------------------------------===//

class SentenceDirectory : public test::CheckpointTest {
protected:
  void write(const std::string &name, const std::string &text) {
    llvm::StringRef folder = llvm::StringRef(name).rsplit('/').first;
    if (folder.size() < name.size())
      ASSERT_FALSE(
          llvm::sys::fs::create_directories(directory.path(folder.str())));
    directory.write(name, text);
  }
};

TEST_F(SentenceDirectory, IsNoneWithoutItsList) {
  auto model = readSentenceTransformer(directory.path());
  ASSERT_TRUE(bool(model));
  EXPECT_FALSE(model->has_value());
  write("1_Pooling/config.json", "{}");
  EXPECT_FAILURE(readSentenceTransformer(directory.path()),
                 ExitCode::Unreadable, "/modules.json, which says");
}

TEST_F(SentenceDirectory, IsReadAsAWhole) {
  write("modules.json", modulesOf({{"0_T", "Transformer"}, {"p", "Pooling"}}));
  write("p/config.json",
        R"({"pooling_mode": "cls", "embedding_dimension": 8})");
  write("0_T/sentence_bert_config.json", R"({"max_seq_length": 5})");
  write("config_sentence_transformers.json", R"({"prompts": {"a": "b"}})");
  auto model = readSentenceTransformer(directory.path());
  ASSERT_TRUE(bool(model));
  EXPECT_EQ((*model)->folder, directory.path("0_T"));
  EXPECT_EQ((*model)->pooling.modes[0], uint32_t(TRITC_POOL_FIRST));
  EXPECT_EQ((*model)->width, 8u);
  EXPECT_EQ((*model)->maxTokens, 5u);
  EXPECT_EQ((*model)->prompts.list.size(), 1u);
}

TEST_F(SentenceDirectory, RefusesToPoolWithoutThePrompt) {
  write("modules.json", modulesOf({{"", "Transformer"}, {"p", "Pooling"}}));
  write("p/config.json", R"({"include_prompt": false})");
  EXPECT_SUCCESS(readSentenceTransformer(directory.path()));
  write("config_sentence_transformers.json", R"({"prompts": {"a": "b"}})");
  EXPECT_FAILURE(readSentenceTransformer(directory.path()),
                 ExitCode::Unreadable, "p/config.json: include_prompt");
}

TEST_F(SentenceDirectory, NeedsTheFileOfItsPooling) {
  write("modules.json", modulesOf({{"", "Transformer"}, {"p", "Pooling"}}));
  EXPECT_FAILURE(readSentenceTransformer(directory.path()),
                 ExitCode::Unreadable, "p/config.json: cannot open");
}

TEST_F(SentenceDirectory, IsRefusedAroundAModelThatWritesText) {
  write("modules.json", modulesOf({{"", "Transformer"}, {"p", "Pooling"}}));
  write("p/config.json", "{}");
  EXPECT_FAILURE(open(TestModel::packed()), ExitCode::Unreadable,
                 "modules.json: expected beside a model that embeds");
}

} // namespace
} // namespace tritc::import
