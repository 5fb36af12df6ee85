//===- PitfallsTest.cpp - Where other readers went wrong ------------------===//
//
// Each test is named after a mistake that a reader of these checkpoints is
// known to have made.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/model/ModelTensors.h"
#include "compiler/import/safetensors/Config.h"
#include "test/unit/import/TestCheckpoint.h"

namespace tritc::import {
namespace {

using test::TestModel;

const std::string query = "model.layers.0.self_attn.q_proj.weight";
const std::string key = "model.layers.0.self_attn.k_proj.weight";

using Pitfall = test::CheckpointTest;

/// Rows 0..7 = +1, 0, -1, 0, -1, +1, 0, +1 of one column pack into 66 and 165:
/// the four weights of a byte are R rows apart, not neighbours.
TEST_F(Pitfall, packed_rows_are_strided) {
  const std::vector<int> weights = {1, 0, -1, 0, -1, 1, 0, 1};
  EXPECT_EQ(test::pack(weights, 8, 1), "\x42\xa5");
  TestModel model = TestModel::packed();
  model.tensors[query].bytes.assign(16, '\x55');
  model.tensors[query].bytes[0] = 66;
  model.tensors[query].bytes[8] = char(165);
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  std::vector<int8_t> rows(64);
  EXPECT_SUCCESS(checkpoint->ternaryRows(query, 0, 8, rows));
  for (size_t row = 0; row < 8; ++row)
    EXPECT_EQ(rows[row * 8], weights[row]) << row;
}

TEST_F(Pitfall, autobitlinear_multiplies_and_bitlinear_divides) {
  TestModel model = TestModel::packed();
  EXPECT_EQ(*opened(model)->weightScale(query), 1.5f);
  model.config["quantization_config"] = "{\"quant_method\":\"bitnet\"}";
  EXPECT_EQ(*opened(model)->weightScale(query), 1.0f / 1.5f);
}

/// BitnetForCausalLM is another model than BitNetForCausalLM: other activation,
/// other names of norms, another rule for weights.
TEST_F(Pitfall, class_name_with_a_small_n_is_another_model) {
  TestModel model = TestModel::master();
  model.config["architectures"] = "[\"BitnetForCausalLM\"]";
  EXPECT_FAILURE(open(model), ExitCode::Unreadable, "model_type");
  for (const char *key : {"model_type", "quantization_config", "hidden_act"})
    model.config.erase(key);
  EXPECT_FAILURE(open(model), ExitCode::Malformed, "inner_attn_ln.weight");
  for (const char *layer : {"0", "1"}) {
    std::string prefix = std::string("model.layers.") + layer + ".";
    for (auto [ours, theirs] :
         {std::pair("self_attn.attn_sub_norm", "self_attn.inner_attn_ln"),
          std::pair("mlp.ffn_sub_norm", "mlp.ffn_layernorm")}) {
      auto node = model.tensors.extract(prefix + ours + ".weight");
      node.key() = prefix + theirs + ".weight";
      model.tensors.insert(std::move(node));
    }
  }
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->config().activation, Activation::Silu);
  EXPECT_EQ(checkpoint->config().scaleRule, ScaleRule::Absmean);
  EXPECT_TRUE(checkpoint->notes().empty());
  // The rest of the compiler knows one name.
  EXPECT_TRUE(
      checkpoint->find("model.layers.1.self_attn.attn_sub_norm.weight"));
}

/// Pitfall 3: silu where the file says relu2 gives text that looks plausible.
TEST_F(Pitfall, activation_follows_the_file_not_the_architecture) {
  TestModel model = TestModel::packed();
  EXPECT_EQ(opened(model)->config().activation, Activation::ReluSquared);
  model.config["hidden_act"] = "\"silu\"";
  EXPECT_EQ(opened(model)->config().activation, Activation::Silu);
}

/// A Llama that nobody trained to be ternary becomes noise when quantized. One
/// whose weights are ternary already was a BitNet, whatever its config says.
TEST_F(Pitfall, an_ordinary_llama_is_not_quantized) {
  TestModel model = TestModel::llama(/*packed=*/false);
  model.config.erase("quantization_config");
  EXPECT_FAILURE(opened(model)->weightScale(query), ExitCode::Unreadable,
                 query + ": expected only -a, 0 and a");
  std::vector<float> weights(64, 0.5f);
  weights[1] = -0.5f;
  weights[2] = 0;
  TestModel widened = model;
  widened.tensors[query].bytes = test::bf16(weights);
  EXPECT_EQ(*opened(widened)->weightScale(query), 0.5f);
  // A mark is enough to take it for master weights.
  model.config["is_bitnet_config"] = "true";
  EXPECT_SUCCESS(opened(model)->weightScale(query));
}

TEST_F(Pitfall, a_llama_divides_and_has_a_head_of_its_own) {
  TestModel model = TestModel::llama(/*packed=*/true);
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(*checkpoint->weightScale(query), 1.0f / 1.5f);
  EXPECT_FALSE(checkpoint->config().tiedEmbedding);
  EXPECT_TRUE(checkpoint->find("lm_head.weight"));
  model.tensors.erase("lm_head.weight");
  EXPECT_FAILURE(open(model), ExitCode::Malformed, "lm_head.weight: missing");
}

/// A packed 32x8 matrix has the shape of an unpacked 8x8 one.
TEST_F(Pitfall, packed_query_is_not_mistaken_for_an_unpacked_key) {
  TestModel model = TestModel::packed();
  model.tensors[key] = {"U8", {4, 8}, std::string(32, '\x55')};
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 key + ": expected U8 [1, 8], found U8 [4, 8]");
  model = TestModel::master();
  model.tensors[key] = {"U8", {4, 8}, std::string(32, '\x55')};
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 key + ": expected BF16, F16 or F32 [4, 8], found U8 [4, 8]");
  model = TestModel::packed();
  model.tensors[key] = {"BF16", {4, 8}, std::string(64, '\0')};
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 key + ": expected U8 [1, 8], found BF16 [4, 8]");
}

TEST_F(Pitfall, duplicate_quantization_config) {
  TestModel model = TestModel::packed();
  std::string text = model.configText();
  text.insert(1, "\"quantization_config\":{\"quant_method\":\"bitnet\","
                 "\"modules_to_not_convert\":null},");
  model.write(directory);
  directory.write("config.json", text);
  llvm::Expected<std::unique_ptr<Checkpoint>> checkpoint =
      Checkpoint::open(directory.path());
  ASSERT_TRUE(bool(checkpoint)) << toFailure(checkpoint.takeError()).message;
  EXPECT_EQ((*checkpoint)->config().scaleRule, ScaleRule::Multiply);
}

/// The byte type of the file must not leak into the weights: -1, not 255.
TEST_F(Pitfall, minus_one_is_negative) {
  TestModel model = TestModel::packed();
  model.tensors[query].bytes.assign(16, '\0');
  std::vector<int8_t> row(8);
  EXPECT_SUCCESS(opened(model)->ternaryRows(query, 7, 1, row));
  EXPECT_EQ(row, std::vector<int8_t>(8, -1));
}

TEST_F(Pitfall, master_weights_without_quantization_config_are_quantized) {
  TestModel model = TestModel::master();
  model.config.erase("quantization_config");
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->config().scaleRule, ScaleRule::Absmean);
  std::vector<int8_t> row(8);
  EXPECT_SUCCESS(checkpoint->ternaryRows(query, 0, 1, row));
  EXPECT_EQ(row[0], test::testWeight(0, 0));
}

TEST_F(Pitfall, packed_weights_without_quantization_config_are_rejected) {
  TestModel model = TestModel::packed();
  model.config.erase("quantization_config");
  EXPECT_FAILURE(open(model), ExitCode::Malformed, "found U8");
}

TEST_F(Pitfall, auto_map_names_files_that_do_not_exist) {
  TestModel model = TestModel::packed();
  model.config["auto_map"] =
      "{\"AutoConfig\":\"configuration_bitnet.BitNetConfig\"}";
  EXPECT_SUCCESS(open(model));
}

/// mean |t * a| is a times the share of nonzero weights, not a. Only where the
/// checkpoint asks for the mean by name (online) it gets the mean.
TEST_F(Pitfall, ternary_floats_keep_their_scale) {
  TestModel model = TestModel::master();
  std::vector<float> weights(64, 0.0f);
  weights[0] = 0.75f;
  weights[1] = -0.75f;
  model.tensors[query].bytes = test::bf16(weights);
  EXPECT_EQ(*opened(model)->weightScale(query), 1.5f / 64);
  model.config.erase("quantization_config");
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(*checkpoint->weightScale(query), 0.75f);
  std::vector<int8_t> row(8);
  EXPECT_SUCCESS(checkpoint->ternaryRows(query, 0, 1, row));
  EXPECT_EQ(row, (std::vector<int8_t>{1, -1, 0, 0, 0, 0, 0, 0}));
}

TEST_F(Pitfall, bos_of_generation_config_is_ignored) {
  TestModel model = TestModel::packed();
  model.files["generation_config.json"] =
      "{\"bos_token_id\":0,\"eos_token_id\":9,\"pad_token_id\":1}";
  EXPECT_EQ(opened(model)->config().bosToken, 8u);
}

TEST_F(Pitfall, head_dim_is_not_always_hidden_over_heads) {
  TestModel model = TestModel::packed();
  model.config["head_dim"] = "8";
  llvm::Expected<ModelConfig> config =
      parseConfig(model.configText(), "config.json");
  ASSERT_TRUE(bool(config)) << toFailure(config.takeError()).message;
  EXPECT_EQ(config->headDim, 8u);
}

/// Gemma's own norms multiply with 1 + w; those in front of its projections,
/// which BitNet added, with w.
TEST_F(Pitfall, one_is_added_to_native_norms_only) {
  std::vector<ModelTensor> tensors = modelTensors([] {
    ModelConfig config;
    config.vocabSize = 11;
    config.hiddenSize = config.ffnSize = 8;
    config.layerCount = config.headCount = config.kvHeadCount = 1;
    config.headDim = 8;
    config.scaleRule = ScaleRule::Absmean;
    config.tiedEmbedding = config.embeds = config.hasProjectionNorms = true;
    config.hasHeadNorms = config.hasPostNorms = config.normsAddOne = true;
    return config;
  }());
  unsigned native = 0, added = 0;
  for (const ModelTensor &tensor : tensors) {
    bool isNorm = tensor.role == TensorRole::Vector;
    bool isAdded = llvm::StringRef(tensor.name).ends_with("proj.norm.weight");
    EXPECT_EQ(tensor.lacksOne, isNorm && !isAdded) << tensor.name;
    native += isNorm && !isAdded;
    added += isAdded;
  }
  EXPECT_EQ(native, 7u); // four of the block, two of heads, one at the end
  EXPECT_EQ(added, 7u);
}

TEST_F(Pitfall, a_scale_is_one_number_not_one_per_row) {
  TestModel model = TestModel::packed();
  model.tensors[query + "_scale"] = {"BF16", {8}, std::string(16, '\x3f')};
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 query + "_scale: expected BF16, F16 or F32 [1], found BF16 "
                         "[8]");
}

} // namespace
} // namespace tritc::import
