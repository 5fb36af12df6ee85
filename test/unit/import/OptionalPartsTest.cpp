//===- OptionalPartsTest.cpp - What fine-tunes add to their family --------===//

#include "test/unit/import/TestCheckpoint.h"
#include "test/unit/import/TestGguf.h"

namespace tritc::import {
namespace {

using test::f32;
using test::TestGguf;
using test::TestModel;

/// Adds `count` numbers, the first of which is 1, 2, ..., to every layer.
static void addToLayers(TestModel &model, const std::string &part,
                        uint64_t count) {
  std::vector<float> values;
  for (uint64_t i = 0; i < count; ++i)
    values.push_back(float(i + 1));
  for (const char *layer : {"0", "1"})
    model.tensors[std::string("model.layers.") + layer + "." + part] = {
        "F32", {count}, f32(values)};
}

static std::vector<float> read(const Checkpoint &checkpoint,
                               const std::string &name, uint64_t count) {
  std::vector<float> values(count);
  EXPECT_SUCCESS(checkpoint.floats(name, 0, values));
  return values;
}

using OptionalParts = test::CheckpointTest;
using OptionalPartsOfGguf = test::GgufTest;

TEST_F(OptionalParts, biases_of_some_projections_are_read) {
  TestModel model = TestModel::llama(/*packed=*/true);
  addToLayers(model, "self_attn.q_proj.bias", 8);
  addToLayers(model, "self_attn.v_proj.bias", 4);
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->config().biased,
            (std::set<std::string, std::less<>>{"self_attn.q_proj",
                                                "self_attn.v_proj"}));
  EXPECT_EQ(read(*checkpoint, "model.layers.1.self_attn.v_proj.bias", 4),
            (std::vector<float>{1, 2, 3, 4}));
  EXPECT_TRUE(checkpoint->notes().empty());
}

TEST_F(OptionalParts, a_bias_has_one_number_per_row) {
  TestModel model = TestModel::packed();
  addToLayers(model, "self_attn.k_proj.bias", 8);
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "k_proj.bias: expected BF16, F16 or F32 [4], found F32 [8]");
}

TEST_F(OptionalParts, every_layer_has_a_part_or_none_has) {
  TestModel model = TestModel::packed();
  model.tensors["model.layers.0.mlp.up_proj.bias"] = {
      "F32", {10}, f32(std::vector<float>(10, 1))};
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "model.layers.1.mlp.up_proj.bias: missing");
}

TEST_F(OptionalParts, config_and_tensors_agree_on_biases) {
  TestModel model = TestModel::packed();
  model.config["attention_bias"] = "true";
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "self_attn.q_proj.bias: missing, expected it in every layer, "
                 "since attention_bias is true");
  addToLayers(model, "self_attn.q_proj.bias", 8);
  EXPECT_SUCCESS(open(model));
  model.config["attention_bias"] = "false";
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "config.json: attention_bias: expected true, since there are "
                 "tensors self_attn.q_proj.bias");
  model.config["attention_bias"] = "null";
  EXPECT_SUCCESS(open(model));
}

TEST_F(OptionalParts, a_note_says_where_hugging_face_scales_biases) {
  TestModel model = TestModel::packed(); // autobitlinear
  addToLayers(model, "self_attn.q_proj.bias", 8);
  ASSERT_EQ(opened(model)->notes().size(), 1u);
  EXPECT_NE(opened(model)->notes()[0].find("biases are added as they are"),
            std::string::npos);
  TestModel master = TestModel::master();
  addToLayers(master, "self_attn.q_proj.bias", 8);
  EXPECT_TRUE(opened(master)->notes().empty());
}

/// Qwen 2, whose configurations say nothing of biases; a directory of it must
/// be marked as a BitNet, or its weights be ternary.
TEST_F(OptionalParts, qwen_2_is_a_llama_with_biases) {
  TestModel model = TestModel::llama(/*packed=*/true);
  model.config["architectures"] = "[\"Qwen2ForCausalLM\"]";
  model.config["model_type"] = "\"qwen2\"";
  model.config["use_sliding_window"] = "false";
  model.config["sliding_window"] = "8";
  model.config["max_window_layers"] = "1";
  for (const char *projection : {"q_proj", "k_proj", "v_proj"})
    addToLayers(model, std::string("self_attn.") + projection + ".bias",
                std::string(projection) == "q_proj" ? 8 : 4);
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->config().biased.size(), 3u);
  EXPECT_FALSE(checkpoint->config().embeds);
  EXPECT_TRUE(checkpoint->notes().empty());
}

TEST_F(OptionalParts, norms_over_heads_are_read_in_every_family) {
  TestModel model = TestModel::packed();
  addToLayers(model, "self_attn.q_norm.weight", 4);
  EXPECT_FAILURE(open(model), ExitCode::Malformed, "k_norm.weight: missing");
  addToLayers(model, "self_attn.k_norm.weight", 4);
  EXPECT_TRUE(opened(model)->config().hasHeadNorms);
  addToLayers(model, "self_attn.k_norm.weight", 8);
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "k_norm.weight: expected BF16, F16 or F32 [4], found F32 [8]");
}

TEST_F(OptionalParts, a_llama_may_have_sub_norms) {
  TestModel model = TestModel::llama(/*packed=*/true);
  EXPECT_FALSE(opened(model)->config().hasSubNorms);
  addToLayers(model, "self_attn.attn_sub_norm.weight", 8);
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "mlp.ffn_sub_norm.weight: missing");
  addToLayers(model, "mlp.ffn_sub_norm.weight", 10);
  EXPECT_TRUE(opened(model)->config().hasSubNorms);
}

TEST_F(OptionalParts, norms_in_front_of_projections_are_asked_for) {
  TestModel model = TestModel::packed();
  for (llvm::StringRef projection : projections)
    addToLayers(model, (projection + ".rms_norm.weight").str(),
                projection == "mlp.down_proj" ? 10 : 8);
  EXPECT_FAILURE(open(model), ExitCode::Unreadable,
                 "which config.json must ask for: \"use_rms_norm\": true");
  model.config["quantization_config"] =
      R"({"linear_class": "autobitlinear", "use_rms_norm": true})";
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(read(*checkpoint, "model.layers.0.mlp.up_proj.norm.weight", 2),
            (std::vector<float>{1, 2}));
}

TEST_F(OptionalParts, norms_that_are_asked_for_must_be_there) {
  TestModel model = TestModel::packed();
  model.config["quantization_config"] =
      R"({"linear_class": "autobitlinear", "use_rms_norm": true})";
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "model.layers.0.self_attn.q_proj.rms_norm.weight: missing");
}

static void add(TestGguf &file, const std::string &name, uint64_t count) {
  std::vector<float> values;
  for (uint64_t i = 0; i < count; ++i)
    values.push_back(float(i));
  file.tensors.push_back({name, {count}, 0, f32(values), {}});
}

TEST_F(OptionalPartsOfGguf, biases_are_read) {
  TestGguf file = TestGguf::model();
  add(file, "blk.0.attn_q.bias", 32);
  add(file, "blk.0.ffn_down.bias", 32);
  std::unique_ptr<Checkpoint> checkpoint = opened(file);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(read(*checkpoint, "model.layers.0.self_attn.q_proj.bias", 4),
            (std::vector<float>{0, 1, 2, 3}));
  EXPECT_TRUE(checkpoint->config().biased.count("mlp.down_proj"));
}

TEST_F(OptionalPartsOfGguf, qwen_2_has_biases_in_the_models_order) {
  TestGguf file = TestGguf::model("qwen2");
  add(file, "blk.0.attn_q.bias", 32);
  std::unique_ptr<Checkpoint> checkpoint = opened(file);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(read(*checkpoint, "model.layers.0.self_attn.q_proj.bias", 2)[1], 1);
}

/// As the rows of the matrix: row 2j + e of the file is row 8e + j.
TEST_F(OptionalPartsOfGguf, biases_of_rotated_heads_are_in_the_files_order) {
  TestGguf file = TestGguf::model("llama");
  add(file, "blk.0.attn_q.bias", 32);
  add(file, "blk.0.attn_v.bias", 16);
  std::unique_ptr<Checkpoint> checkpoint = opened(file);
  ASSERT_TRUE(checkpoint);
  std::vector<float> bias =
      read(*checkpoint, "model.layers.0.self_attn.q_proj.bias", 32);
  EXPECT_EQ(bias[1], 2);
  EXPECT_EQ(bias[8], 1);
  EXPECT_EQ(bias[16 + 9], 16 + 3);
  EXPECT_EQ(read(*checkpoint, "model.layers.0.self_attn.v_proj.bias", 16)[9],
            9);
}

TEST_F(OptionalPartsOfGguf, norms_are_read_where_they_are) {
  TestGguf file = TestGguf::model();
  add(file, "blk.0.attn_q_norm.weight", 16);
  add(file, "blk.0.attn_k_norm.weight", 16);
  EXPECT_TRUE(opened(file)->config().hasHeadNorms);
  for (const char *name : {"attn_q", "attn_k", "attn_v", "attn_output",
                           "ffn_gate", "ffn_up", "ffn_down"})
    add(file, std::string("blk.0.") + name + "_norm_in.weight",
        std::string(name) == "ffn_down" ? 64 : 32);
  std::unique_ptr<Checkpoint> checkpoint = opened(file);
  EXPECT_TRUE(checkpoint->config().hasProjectionNorms);
  EXPECT_EQ(checkpoint->config().projectionNormEps,
            checkpoint->config().rmsNormEps);
}

TEST_F(OptionalPartsOfGguf, norms_over_heads_of_llama_are_refused) {
  TestGguf file = TestGguf::model("llama");
  add(file, "blk.0.attn_q_norm.weight", 16);
  add(file, "blk.0.attn_k_norm.weight", 16);
  EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                 "norms over heads are not supported for llama");
}

} // namespace
} // namespace tritc::import
