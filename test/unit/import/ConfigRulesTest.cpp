//===- ConfigRulesTest.cpp - Scales, tokens and sampling of a model -------===//

#include "test/unit/import/TestConfig.h"

namespace tritc::import {
namespace {

using test::good;
using test::parseWith;
using test::TestModel;

TEST(Config, scale_rule_follows_class_and_mode) {
  auto ruleOf = [](const std::string &value) {
    return good(parseWith("quantization_config", value)).scaleRule;
  };
  EXPECT_EQ(ruleOf("{\"linear_class\":\"autobitlinear\"}"),
            ScaleRule::Multiply);
  EXPECT_EQ(ruleOf("{}"), ScaleRule::Divide);
  EXPECT_EQ(ruleOf("{\"linear_class\":\"bitlinear\"}"), ScaleRule::Divide);
  EXPECT_EQ(ruleOf("{\"linear_class\":\"autobitlinear\","
                   "\"quantization_mode\":\"online\"}"),
            ScaleRule::Absmean);
  EXPECT_EQ(ruleOf("null"), ScaleRule::Absmean);
}

TEST(Config, rejects_quantization_that_the_reference_rejects) {
  auto parse = [](const std::string &value) {
    return parseWith("quantization_config", value);
  };
  EXPECT_FAILURE(parse("{\"linear_class\":\"linear\"}"), ExitCode::Malformed,
                 "quantization_config: linear_class: expected bitlinear or "
                 "autobitlinear, found linear");
  EXPECT_FAILURE(parse("{\"quantization_mode\":\"half\"}"), ExitCode::Malformed,
                 "quantization_mode: expected offline or online, found half");
  EXPECT_FAILURE(parse("{\"quant_method\":\"gptq\"}"), ExitCode::Unreadable,
                 "quant_method: unsupported method");
  EXPECT_FAILURE(parse("{\"modules_to_not_convert\":[\"lm_head\",\"q_proj\"]}"),
                 ExitCode::Unreadable, "modules_to_not_convert: unsupported");
  EXPECT_FAILURE(parse("7"), ExitCode::Malformed,
                 "quantization_config: expected an object, found 7");
}

TEST(Config, norms_in_front_of_projections_have_an_epsilon_of_their_own) {
  ModelConfig config = good(parseWith("quantization_config",
                                      R"({"use_rms_norm": true,
                                          "rms_norm_eps": 0.001})"));
  EXPECT_TRUE(config.hasProjectionNorms);
  EXPECT_EQ(config.projectionNorm, "rms_norm");
  EXPECT_EQ(config.projectionNormEps, 1e-3f);
  EXPECT_EQ(config.rmsNormEps, 1e-5f);
  // The reference's default, not the model's.
  config = good(parseWith("quantization_config", R"({"use_rms_norm": true})"));
  EXPECT_EQ(config.projectionNormEps, 1e-6f);
  EXPECT_FALSE(
      good(parseWith("quantization_config", R"({"use_rms_norm": false})"))
          .hasProjectionNorms);
}

TEST(Config, the_head_is_never_converted) {
  EXPECT_SUCCESS(parseWith("quantization_config",
                           "{\"modules_to_not_convert\":[\"lm_head\"]}"));
  EXPECT_SUCCESS(
      parseWith("quantization_config", "{\"modules_to_not_convert\":null}"));
}

//===----------------------------------------------------------------------===//
// Tokens and generation
//===----------------------------------------------------------------------===//

TEST(Config, rejects_tokens_outside_the_vocabulary) {
  EXPECT_FAILURE(parseWith("eos_token_id", "11"), ExitCode::Malformed,
                 "eos_token_id: expected an integer from 0 to 10, found 11");
  EXPECT_FAILURE(parseWith("eos_token_id", "[1,-1]"), ExitCode::Malformed,
                 "eos_token_id: expected an integer from 0 to 10, found -1");
  EXPECT_FAILURE(parseWith("bos_token_id", "\"<s>\""), ExitCode::Malformed,
                 "bos_token_id: expected an integer");
}

TEST(Config, no_bos_token_where_the_file_says_null) {
  EXPECT_EQ(good(parseWith("bos_token_id", "null")).bosToken, std::nullopt);
}

TEST(Config, several_stop_tokens_are_sorted_and_unique) {
  EXPECT_EQ(good(parseWith("eos_token_id", "[9, 3, 9]")).stopTokens,
            (std::vector<uint32_t>{3, 9}));
}

GenerationDefaults generation(const std::string &text, ModelConfig &config) {
  llvm::Expected<GenerationDefaults> defaults =
      parseGenerationConfig(text, "generation_config.json", config);
  EXPECT_TRUE(bool(defaults)) << toFailure(defaults.takeError()).message;
  return defaults ? *defaults : GenerationDefaults();
}

TEST(GenerationConfig, adds_its_stop_tokens) {
  ModelConfig config = good(parseWith("eos_token_id", "9"));
  generation("{\"eos_token_id\": [10, 9]}", config);
  EXPECT_EQ(config.stopTokens, (std::vector<uint32_t>{9, 10}));
}

TEST(GenerationConfig, is_greedy_unless_it_samples) {
  ModelConfig config = good(parseWith("eos_token_id", "9"));
  EXPECT_EQ(generation("{\"temperature\":0.6}", config).temperature, 0.0f);
  EXPECT_EQ(generation("{\"temperature\":0.6}", config).topK, 0u);
}

TEST(GenerationConfig, sampling_values_and_their_defaults) {
  ModelConfig config = good(parseWith("eos_token_id", "9"));
  GenerationDefaults given = generation(
      "{\"do_sample\":true,\"temperature\":0.6,\"top_p\":0.9,\"top_k\":7,"
      "\"min_p\":0.05,\"repetition_penalty\":1.1}",
      config);
  EXPECT_EQ(given.temperature, 0.6f);
  EXPECT_EQ(given.topP, 0.9f);
  EXPECT_EQ(given.topK, 7u);
  EXPECT_EQ(given.minP, 0.05f);
  EXPECT_EQ(given.repeatPenalty, 1.1f);
  GenerationDefaults missing = generation("{\"do_sample\":true}", config);
  EXPECT_EQ(missing.temperature, 1.0f);
  EXPECT_EQ(missing.topP, 1.0f);
  EXPECT_EQ(missing.topK, 50u);
}

TEST(GenerationConfig, rejects_absurd_values) {
  for (const char *text :
       {"{\"temperature\":-1}", "{\"top_p\":1.5}", "{\"top_k\":-1}",
        "{\"min_p\":2}", "{\"repetition_penalty\":0}", "{\"do_sample\":1}",
        "{\"eos_token_id\":11}", "[]", "{\"temperature\":\"hot\"}"}) {
    ModelConfig config = good(parseWith("eos_token_id", "9"));
    EXPECT_FAILURE(
        parseGenerationConfig(text, "generation_config.json", config),
        ExitCode::Malformed, "generation_config.json: ");
  }
}

TEST(StopTokens, are_those_of_the_files_and_those_known_by_text) {
  ModelConfig config = good(parseWith("eos_token_id", "9"));
  auto idOf = [](llvm::StringRef text) -> std::optional<uint32_t> {
    if (text == "<|eot_id|>")
      return 3;
    if (text == "<|end_of_text|>")
      return 9;
    if (text == "</s>")
      return 99; // outside the vocabulary
    return std::nullopt;
  };
  EXPECT_EQ(resolveStopTokens(config, idOf), (std::vector<uint32_t>{3, 9}));
}

} // namespace
} // namespace tritc::import
