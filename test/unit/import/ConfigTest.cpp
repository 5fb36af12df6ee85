//===- ConfigTest.cpp - Facts of a model, from config.json ----------------===//

#include "compiler/import/safetensors/Config.h"
#include "test/unit/import/TestConfig.h"

#include <cmath>

namespace tritc::import {
namespace {

using test::good;
using test::parseWith;
using test::TestModel;

const char official[] = R"({
  "architectures": ["BitNetForCausalLM"],
  "auto_map": {
    "AutoConfig": "configuration_bitnet.BitNetConfig",
    "AutoModelForCausalLM": "modeling_bitnet.BitNetForCausalLM"
  },
  "bos_token_id": 128000, "eos_token_id": 128001, "hidden_act": "relu2",
  "hidden_size": 2560, "initializer_range": 0.02, "intermediate_size": 6912,
  "max_position_embeddings": 4096, "model_type": "bitnet",
  "rms_norm_eps": 1e-05, "num_attention_heads": 20, "num_hidden_layers": 30,
  "num_key_value_heads": 5, "rope_theta": 500000.0,
  "tie_word_embeddings": true, "torch_dtype": "bfloat16", "use_cache": true,
  "vocab_size": 128256,
  "quantization_config": {"quant_method": "bitnet",
    "linear_class": "autobitlinear", "quantization_mode": "offline"}
})";

TEST(Config, reads_the_official_file) {
  ModelConfig config = good(parseConfig(official, "config.json"));
  EXPECT_EQ(config.vocabSize, 128256u);
  EXPECT_EQ(config.hiddenSize, 2560u);
  EXPECT_EQ(config.ffnSize, 6912u);
  EXPECT_EQ(config.layerCount, 30u);
  EXPECT_EQ(config.headCount, 20u);
  EXPECT_EQ(config.kvHeadCount, 5u);
  EXPECT_EQ(config.headDim, 128u);
  EXPECT_EQ(config.contextSize, 4096u);
  EXPECT_EQ(config.rmsNormEps, 1e-5f);
  EXPECT_EQ(config.ropeTheta, 500000.0);
  EXPECT_TRUE(config.tiedEmbedding);
  EXPECT_TRUE(config.hasSubNorms);
  EXPECT_EQ(config.activation, Activation::ReluSquared);
  EXPECT_EQ(config.scaleRule, ScaleRule::Multiply);
  EXPECT_EQ(config.bosToken, 128000u);
  EXPECT_EQ(config.stopTokens, std::vector<uint32_t>{128001});
  EXPECT_TRUE(config.notes.empty());
}

TEST(Config, missing_keys_have_the_defaults_of_the_class) {
  ModelConfig config = good(parseConfig(
      "{\"architectures\":[\"BitNetForCausalLM\"]}", "config.json"));
  EXPECT_EQ(config.vocabSize, 128256u);
  EXPECT_EQ(config.hiddenSize, 2560u);
  EXPECT_EQ(config.contextSize, 2048u);
  EXPECT_FALSE(config.tiedEmbedding);
  EXPECT_EQ(config.headDim, 128u);
  EXPECT_EQ(config.ropeTheta, 500000.0);
  EXPECT_EQ(config.scaleRule, ScaleRule::Absmean);
  EXPECT_EQ(config.bosToken, 128000u);
}

TEST(Config, default_tokens_outside_the_vocabulary_are_dropped) {
  TestModel model = TestModel::packed();
  model.config.erase("bos_token_id");
  model.config.erase("eos_token_id");
  ModelConfig config = good(parseConfig(model.configText(), "config.json"));
  EXPECT_EQ(config.bosToken, std::nullopt);
  EXPECT_TRUE(config.stopTokens.empty());
}

//===----------------------------------------------------------------------===//
// Architecture
//===----------------------------------------------------------------------===//

TEST(Config, model_type_alone_names_the_family) {
  EXPECT_SUCCESS(parseConfig("{\"model_type\":\"bitnet\"}", "config.json"));
}

TEST(Config, rejects_other_architectures_by_name) {
  EXPECT_FAILURE(parseWith("architectures", "[\"MistralForCausalLM\"]"),
                 ExitCode::Unreadable,
                 "config.json: architectures: unsupported architecture, "
                 "expected one of BitNetForCausalLM (BitNet b1.58 2B4T), ");
  EXPECT_FAILURE(parseWith("architectures", "[\"MistralForCausalLM\"]"),
                 ExitCode::Unreadable, "found \"MistralForCausalLM\"");
  EXPECT_FAILURE(parseWith("model_type", "\"llama\""), ExitCode::Unreadable,
                 "found \"llama\"");
  EXPECT_FAILURE(parseWith("architectures", "[]"), ExitCode::Unreadable,
                 "unsupported architecture");
  EXPECT_FAILURE(parseConfig("{}", "config.json"), ExitCode::Unreadable,
                 "found neither");
}

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

TEST(Config, rejects_absurd_counts) {
  for (const char *key :
       {"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
        "num_attention_heads", "num_key_value_heads", "max_position_embeddings",
        "head_dim"})
    for (const char *value :
         {"0", "-1", "1000000000", "18446744073709551615",
          "99999999999999999999", "1.5", "\"8\"", "true", "[]", "{}"})
      [&] {
        EXPECT_FAILURE(parseWith(key, value), ExitCode::Malformed,
                       std::string("config.json: ") + key +
                           ": expected an integer from ");
      }();
}

TEST(Config, rejects_more_than_1024_layers) {
  EXPECT_FAILURE(parseWith("num_hidden_layers", "1025"), ExitCode::Malformed,
                 "num_hidden_layers: expected an integer from 1 to 1024");
  EXPECT_SUCCESS(parseWith("num_hidden_layers", "1024"));
}

TEST(Config, rejects_rows_whose_sums_are_not_exact_in_f32) {
  EXPECT_FAILURE(parseWith("intermediate_size", "131073"), ExitCode::Malformed,
                 "intermediate_size: expected an integer from 1 to 131072");
  EXPECT_SUCCESS(parseWith("intermediate_size", "131072"));
}

TEST(Config, key_value_heads_divide_the_heads) {
  EXPECT_FAILURE(parseWith("num_key_value_heads", "3"), ExitCode::Malformed,
                 "num_key_value_heads: expected a divisor of "
                 "num_attention_heads = 2, found 3");
}

TEST(Config, key_value_heads_null_means_all_heads) {
  EXPECT_EQ(good(parseWith("num_key_value_heads", "null")).kvHeadCount, 2u);
}

TEST(Config, heads_divide_the_hidden_size_unless_head_dim_is_given) {
  EXPECT_FAILURE(parseWith("hidden_size", "9"), ExitCode::Malformed,
                 "hidden_size: expected a multiple of num_attention_heads = 2, "
                 "found 9");
  TestModel model = TestModel::packed();
  model.config["hidden_size"] = "9";
  model.config["head_dim"] = "6";
  EXPECT_EQ(good(parseConfig(model.configText(), "config.json")).headDim, 6u);
}

TEST(Config, rejects_an_odd_head_dim) {
  EXPECT_FAILURE(parseWith("head_dim", "5"), ExitCode::Malformed,
                 "head_dim: expected an even number");
  EXPECT_FAILURE(parseWith("hidden_size", "6"), ExitCode::Malformed,
                 "head_dim: expected an even number (rotary pairs), found 3");
}

TEST(Config, rejects_heads_that_are_too_wide_together) {
  TestModel model = TestModel::packed();
  model.config["num_attention_heads"] = "4096";
  model.config["head_dim"] = "4096";
  EXPECT_FAILURE(parseConfig(model.configText(), "config.json"),
                 ExitCode::Malformed, "num_attention_heads * head_dim <=");
}

TEST(Config, context_is_checkable) {
  ModelConfig config = good(parseWith("max_position_embeddings", "64"));
  EXPECT_SUCCESS(checkContextSize(config, 1));
  EXPECT_SUCCESS(checkContextSize(config, 64));
  EXPECT_FAILURE(checkContextSize(config, 65), ExitCode::Usage,
                 "--ctx-size: expected 1 to 64 (max_position_embeddings), "
                 "found 65");
  EXPECT_FAILURE(checkContextSize(config, 0), ExitCode::Usage, "--ctx-size");
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

TEST(Config, rope_theta_may_stand_in_rope_parameters) {
  TestModel model = TestModel::packed();
  model.config.erase("rope_theta");
  model.config["rope_parameters"] =
      "{\"rope_theta\": 10000.0, \"rope_type\": \"default\"}";
  EXPECT_EQ(good(parseConfig(model.configText(), "config.json")).ropeTheta,
            10000.0);
}

TEST(Config, rejects_rope_scaling) {
  EXPECT_SUCCESS(parseWith("rope_scaling", "null"));
  EXPECT_FAILURE(parseWith("rope_scaling", "{\"type\":\"linear\"}"),
                 ExitCode::Unreadable,
                 "rope_scaling: type: unsupported scaling");
  EXPECT_FAILURE(parseWith("rope_parameters", "{\"rope_type\":\"yarn\"}"),
                 ExitCode::Unreadable, "found \"yarn\"");
}

TEST(Config, rejects_numbers_that_no_model_has) {
  for (const char *value : {"0", "-1", "1e300", "\"1\"", "[]", "true"}) {
    EXPECT_FAILURE(parseWith("rope_theta", value), ExitCode::Malformed,
                   "rope_theta: expected a number from ");
    EXPECT_FAILURE(
        parseWith("rms_norm_eps", std::string(value) == "1e300" ? "2" : value),
        ExitCode::Malformed, "rms_norm_eps: expected a number from ");
  }
}

TEST(Config, rejects_a_number_that_is_none) {
  for (const char *value : {"NaN", "Infinity", "1e999"})
    EXPECT_FAILURE(parseWith("rope_theta", value), ExitCode::Malformed,
                   "malformed JSON");
}

TEST(Config, rejects_other_activations) {
  EXPECT_FAILURE(parseWith("hidden_act", "\"gelu\""), ExitCode::Unreadable,
                 "hidden_act: unsupported activation, expected relu2, silu or "
                 "gelu_pytorch_tanh, found gelu");
}

TEST(Config, every_family_has_the_defaults_of_its_class) {
  auto parse = [](const std::string &text) {
    return good(parseConfig(text, "config.json"));
  };
  ModelConfig one = parse("{\"architectures\":[\"BitnetForCausalLM\"]}");
  EXPECT_EQ(one.activation, Activation::Silu);
  EXPECT_EQ(one.normNames, NormNames::InnerNorms);
  EXPECT_EQ(one.kvHeadCount, one.headCount);
  EXPECT_EQ(one.ropeTheta, 10000.0);
  EXPECT_EQ(one.bosToken, 1u);
  EXPECT_EQ(one.scaleRule, ScaleRule::Absmean);
  ModelConfig llama = parse("{\"architectures\":[\"LlamaForCausalLM\"],"
                            "\"quantization_config\":{}}");
  EXPECT_EQ(llama.normNames, NormNames::None);
  EXPECT_FALSE(llama.hasSubNorms);
  EXPECT_EQ(llama.scaleRule, ScaleRule::Divide);
  EXPECT_EQ(llama.rmsNormEps, 1e-6f);
}

/// The published files, key by key.
TEST(Config, reads_the_files_of_the_llama_conversions) {
  ModelConfig llama = good(parseConfig(R"({
    "architectures": ["LlamaForCausalLM"], "attention_bias": false,
    "bos_token_id": 128000, "eos_token_id": 128009, "hidden_act": "silu",
    "hidden_size": 4096, "intermediate_size": 14336, "is_bitnet_config": true,
    "max_position_embeddings": 8192, "mlp_bias": false, "model_type": "llama",
    "num_attention_heads": 32, "num_hidden_layers": 32,
    "num_key_value_heads": 8, "pretraining_tp": 1,
    "quantization_config": {"modules_to_not_convert": null,
                            "quant_method": "bitnet"},
    "quantization_config": {"quant_method": "bitnet"},
    "rms_norm_eps": 1e-05, "rope_interleaved": false, "rope_scaling": null,
    "rope_theta": 500000.0, "tie_word_embeddings": false,
    "torch_dtype": "bfloat16", "vocab_size": 128256})",
                                       "config.json"));
  EXPECT_EQ(llama.headDim, 128u);
  EXPECT_EQ(llama.scaleRule, ScaleRule::Divide);
  EXPECT_EQ(llama.stopTokens, std::vector<uint32_t>{128009});
  ModelConfig falcon = good(parseConfig(R"({
    "activation": "swiglu", "architectures": ["LlamaForCausalLM"],
    "attention_bias": false, "eos_token_id": 11, "head_dim": 256,
    "hidden_act": "silu", "hidden_size": 2048, "intermediate_size": 8192,
    "is_bitnet_config": true, "max_position_embeddings": 8192,
    "mlp_bias": false, "model_type": "llama", "num_attention_heads": 8,
    "num_hidden_layers": 18, "num_key_value_heads": 4, "parallel_attn": false,
    "quantization_config": {"modules_to_not_convert": ["lm_head"],
                            "quant_method": "bitnet"},
    "rms_norm_eps": 1e-06, "rope_scaling": null, "rope_theta": 1000042,
    "tie_word_embeddings": false, "vocab_size": 131072})",
                                        "config.json"));
  EXPECT_EQ(falcon.headDim, 256u);
  EXPECT_EQ(falcon.ropeTheta, 1000042.0);
  EXPECT_EQ(falcon.rmsNormEps, 1e-6f);
  EXPECT_EQ(falcon.scaleRule, ScaleRule::Divide);
  EXPECT_TRUE(llama.notes.empty());
  EXPECT_TRUE(falcon.notes.empty());
}

/// The numbers of the published embedding models.
TEST(Config, reads_the_models_that_embed) {
  const char qwen[] = R"({"architectures": ["Qwen3Model"],
    "model_type": "qwen3", "hidden_size": 1024, "intermediate_size": 3072,
    "num_hidden_layers": 28, "num_attention_heads": 16,
    "num_key_value_heads": 8, "head_dim": 128, "hidden_act": "silu",
    "vocab_size": 151936, "rope_theta": 1000000, "rms_norm_eps": 1e-06,
    "bos_token_id": 151643, "eos_token_id": 151643,
    "max_position_embeddings": 32768, "tie_word_embeddings": true})";
  ModelConfig config = good(parseConfig(qwen, "config.json"));
  EXPECT_TRUE(config.embeds);
  EXPECT_TRUE(config.hasProjectionNorms);
  EXPECT_TRUE(config.hasHeadNorms);
  EXPECT_FALSE(config.hasPostNorms);
  EXPECT_FALSE(config.normsAddOne);
  EXPECT_EQ(config.headDim, 128u);
  EXPECT_EQ(config.scaleRule, ScaleRule::Absmean);
  EXPECT_FALSE(config.mastersAreAssumed);
  EXPECT_EQ(config.endToken, 151643u);
  EXPECT_EQ(config.embeddingScale, 0.0f);
  EXPECT_EQ(config.scoreScale, 0.0f);

  ModelConfig gemma = good(parseConfig(R"({
    "architectures": ["Gemma3TextModel"], "model_type": "gemma3_text",
    "hidden_size": 640, "intermediate_size": 2048, "num_hidden_layers": 18,
    "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 256,
    "hidden_activation": "gelu_pytorch_tanh", "query_pre_attn_scalar": 256,
    "vocab_size": 262144, "rope_theta": 10000.0, "eos_token_id": 1})",
                                       "config.json"));
  EXPECT_TRUE(gemma.hasPostNorms);
  EXPECT_TRUE(gemma.normsAddOne);
  EXPECT_EQ(gemma.activation, Activation::GeluTanh);
  EXPECT_EQ(gemma.embeddingScale, std::sqrt(640.0f));
  EXPECT_EQ(gemma.scoreScale, 1.0f / 16);
  EXPECT_EQ(gemma.headDim, 256u); // not 640 / 4
}

TEST(Config, rejects_other_rules_of_attention) {
  auto parse = [](const std::string &more) {
    return parseConfig("{\"architectures\": [\"Gemma3TextModel\"]" + more + "}",
                       "config.json");
  };
  EXPECT_SUCCESS(parse(""));
  EXPECT_FAILURE(parse(", \"use_bidirectional_attention\": true"),
                 ExitCode::Unreadable, "use_bidirectional_attention");
  EXPECT_FAILURE(parse(", \"attn_logit_softcapping\": 50"),
                 ExitCode::Unreadable, "attn_logit_softcapping: unsupported");
}

TEST(Config, rejects_other_widths_of_weights) {
  EXPECT_SUCCESS(parseWith("weight_bits", "1"));
  EXPECT_FAILURE(parseWith("weight_bits", "2"), ExitCode::Unreadable,
                 "weight_bits, input_bits: unsupported");
  EXPECT_FAILURE(parseWith("input_bits", "4"), ExitCode::Unreadable,
                 "weight_bits, input_bits: unsupported");
}

TEST(Config, knows_what_the_file_says_of_biases) {
  EXPECT_EQ(good(parseWith("attention_bias", "null")).attentionBias,
            std::nullopt);
  EXPECT_EQ(good(parseWith("attention_bias", "false")).attentionBias, false);
  EXPECT_EQ(good(parseWith("mlp_bias", "true")).ffnBias, true);
}

//===----------------------------------------------------------------------===//
// Quantization
//===----------------------------------------------------------------------===//

} // namespace
} // namespace tritc::import
