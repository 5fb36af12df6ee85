//===- KeyRulesTest.cpp - Keys that nobody reads --------------------------===//

#include "compiler/import/model/KeyRules.h"

#include "test/unit/import/TestConfig.h"
#include "test/unit/import/TestGguf.h"

namespace tritc::import {
namespace {

using test::good;
using test::parseWith;
using test::TestGguf;
using test::TestModel;

using GgufKeys = test::GgufTest;

static std::vector<std::string> notesWith(const std::string &key,
                                          const std::string &value) {
  return good(parseWith(key, value)).notes;
}

TEST(Keys, an_unknown_key_is_in_one_note) {
  TestModel model = TestModel::packed();
  model.config["flux"] = "{\"capacitor\": 1}";
  model.config["a_new_norm"] = "true";
  EXPECT_EQ(
      good(parseConfig(model.configText(), "config.json")).notes,
      std::vector<std::string>{"config.json: not used: a_new_norm, flux"});
}

TEST(Keys, what_is_off_needs_no_note) {
  for (const char *off : {"null", "false", "0", "0.0", "\"\"", "[]", "{}"})
    EXPECT_TRUE(notesWith("flux", off).empty()) << off;
}

TEST(Keys, how_a_model_was_saved_needs_no_note) {
  for (const char *key :
       {"transformers_version", "torch_dtype", "dtype", "_name_or_path",
        "auto_map", "use_cache", "pretraining_tp", "initializer_range"})
    EXPECT_TRUE(notesWith(key, "\"4.52\"").empty()) << key;
}

TEST(Keys, other_arithmetic_is_refused_by_name) {
  const std::pair<const char *, const char *> keys[] = {
      {"residual_multiplier", "0.22"},
      {"embedding_multiplier", "12"},
      {"logits_scaling", "8"},
      {"attention_multiplier", "0.015625"},
      {"partial_rotary_factor", "0.5"},
      {"attn_logit_softcapping", "50"},
      {"final_logit_softcapping", "30"},
      {"query_pre_attn_scalar", "8"},
      {"clip_qkv", "6"},
      {"num_local_experts", "8"},
      {"vision_config", "{\"depth\": 1}"},
  };
  for (auto [key, value] : keys)
    EXPECT_FAILURE(parseWith(key, value), ExitCode::Unreadable,
                   std::string("config.json: ") + key +
                       ": unsupported, expected ");
}

TEST(Keys, neutral_values_of_other_arithmetic_are_fine) {
  const std::pair<const char *, const char *> keys[] = {
      {"residual_multiplier", "1.0"},     {"logits_scaling", "1"},
      {"attention_multiplier", "0.5"}, // heads of 4
      {"partial_rotary_factor", "1"},     {"query_pre_attn_scalar", "4"},
      {"attn_logit_softcapping", "null"}, {"num_local_experts", "0"},
  };
  for (auto [key, value] : keys)
    EXPECT_TRUE(notesWith(key, value).empty()) << key;
}

TEST(Keys, nested_objects_are_looked_through) {
  EXPECT_FAILURE(parseWith("rope_parameters",
                           R"({"rope_type": "default", "rope_theta": 10000,
                               "partial_rotary_factor": 0.5})"),
                 ExitCode::Unreadable,
                 "rope_parameters.partial_rotary_factor: unsupported, expected "
                 "1, found 0.5");
  EXPECT_EQ(notesWith("quantization_config",
                      R"({"quant_method": "bitnet", "group": 64})"),
            std::vector<std::string>{
                "config.json: not used: quantization_config.group"});
}

static std::vector<std::string> generationNotes(const std::string &text) {
  ModelConfig config;
  config.vocabSize = 100;
  config.contextSize = 2048;
  auto read = parseGenerationConfig(text, "g.json", config);
  EXPECT_TRUE(bool(read)) << toFailure(read.takeError()).message;
  return config.notes;
}

TEST(Keys, generation_that_is_not_done_is_in_one_note) {
  EXPECT_EQ(generationNotes(R"({"num_beams": 4, "suppress_tokens": [1, 2],
                                "forced_eos_token_id": 3, "do_sample": true,
                                "no_repeat_ngram_size": 2,
                                "max_length": 20})"),
            std::vector<std::string>{
                "g.json: not used: forced_eos_token_id, max_length, "
                "no_repeat_ngram_size, num_beams, suppress_tokens"});
}

TEST(Keys, generation_that_changes_nothing_needs_no_note) {
  EXPECT_TRUE(generationNotes(R"({"_from_model_config": true,
    "bos_token_id": 1, "pad_token_id": 1, "eos_token_id": [2, 3],
    "transformers_version": "4.40", "num_beams": 1, "suppress_tokens": null,
    "max_length": 4096, "temperature": 0.6, "top_p": 0.9, "top_k": 20,
    "repetition_penalty": 1.1, "use_cache": true})")
                  .empty());
}

TEST_F(GgufKeys, an_unknown_key_is_in_one_note) {
  TestGguf file = TestGguf::model();
  EXPECT_TRUE(opened(file)->notes().empty());
  file.set("bitnet-b1.58.flux", 3u);
  file.set("llama.block_count", 3u);
  EXPECT_EQ(opened(file)->notes().vec(),
            std::vector<std::string>{directory.path("m.gguf") +
                                     ": not used: flux, llama.block_count"});
  file.set("bitnet-b1.58.flux", 0u);
  file.remove("llama.block_count");
  EXPECT_TRUE(opened(file)->notes().empty());
}

TEST_F(GgufKeys, other_arithmetic_is_refused_by_name) {
  const std::pair<const char *, float> keys[] = {
      {"attn_logit_softcapping", 50}, {"logit_scale", 8},
      {"residual_scale", 0.22f},      {"attention.scale", 1},
      {"rope.scaling.factor", 4},     {"expert_count", 8},
  };
  for (auto [key, value] : keys) {
    TestGguf file = TestGguf::model();
    file.set(std::string("bitnet-b1.58.") + key, value);
    EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                   std::string("m.gguf: ") + key + ": unsupported, expected ");
  }
}

TEST_F(GgufKeys, a_factor_counts_unless_the_type_is_none) {
  TestGguf file = TestGguf::model();
  file.set("bitnet-b1.58.rope.scaling.type", std::string("none"));
  file.set("bitnet-b1.58.rope.scaling.factor", 4.0f);
  EXPECT_TRUE(opened(file)->notes().empty());
}

TEST_F(GgufKeys, an_adapter_is_no_model) {
  TestGguf file = TestGguf::model();
  file.set("general.type", std::string("adapter"));
  EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                 "general.type: expected the weights of a model, found an "
                 "adapter");
}

} // namespace
} // namespace tritc::import
