//===- CheckpointTest.cpp - A checkpoint directory, opened and checked ----===//

#include "test/unit/import/TestCheckpoint.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

namespace tritc::import {
namespace {

using test::TestModel;
using test::testWeight;

const std::string gate = "model.layers.1.mlp.gate_proj.weight";
const std::string query = "model.layers.0.self_attn.q_proj.weight";

using CheckpointDirectory = test::CheckpointTest;

TEST_F(CheckpointDirectory, opens_a_packed_model) {
  std::unique_ptr<Checkpoint> checkpoint = opened(TestModel::packed());
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->config().scaleRule, ScaleRule::Multiply);
  EXPECT_EQ(checkpoint->config().name,
            llvm::StringRef(directory.path()).rsplit('/').second);
  EXPECT_TRUE(checkpoint->notes().empty());
  EXPECT_FALSE(checkpoint->chatTemplate().rules.hasTemplate);
  EXPECT_EQ(checkpoint->generation().temperature, 0.0f);
  const TensorView *view = checkpoint->find(gate);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->dtype, DType::U8);
  EXPECT_EQ(view->bytes.size(), 24u);
  EXPECT_EQ(view->file, directory.path("model.safetensors"));
  EXPECT_EQ(checkpoint->find("model.layers.2.mlp.gate_proj.weight"), nullptr);
}

TEST_F(CheckpointDirectory, opens_a_master_model) {
  std::unique_ptr<Checkpoint> checkpoint = opened(TestModel::master());
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->config().scaleRule, ScaleRule::Absmean);
}

TEST_F(CheckpointDirectory, opens_masters_of_f16_and_f32) {
  TestModel model = TestModel::master();
  model.tensors[query] = {"F32", {8, 8}, test::f32(std::vector(64, 1.5f))};
  model.tensors[gate] = {
      "F16", {10, 8}, test::f16Bits(std::vector<uint16_t>(80, 0xbc00))};
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(*checkpoint->weightScale(query), 1.5f);
  EXPECT_EQ(*checkpoint->weightScale(gate), 1.0f);
  int8_t row[8];
  EXPECT_SUCCESS(checkpoint->ternaryRows(gate, 9, 1, row));
  EXPECT_EQ(row[7], -1);
}

TEST_F(CheckpointDirectory, opens_shards) {
  TestModel model = TestModel::packed();
  std::map<std::string, test::Tensor> parts[2];
  std::string map;
  for (const auto &[name, tensor] : model.tensors) {
    bool second = name > "model.layers.1";
    parts[second][name] = tensor;
    map += (map.empty() ? "\"" : ",\"") + name + "\":\"" +
           (second ? "b" : "a") + ".safetensors\"";
  }
  directory.write("a.safetensors", test::safetensors(parts[0]));
  directory.write("b.safetensors", test::safetensors(parts[1]));
  directory.write("model.safetensors.index.json",
                  "{\"weight_map\":{" + map + "}}");
  directory.write("config.json", model.configText());
  llvm::Expected<std::unique_ptr<Checkpoint>> checkpoint =
      Checkpoint::open(directory.path());
  ASSERT_TRUE(bool(checkpoint)) << toFailure(checkpoint.takeError()).message;
  EXPECT_EQ((*checkpoint)->find(gate)->file, directory.path("b.safetensors"));
}

TEST_F(CheckpointDirectory, an_untied_model_needs_a_head) {
  TestModel model = TestModel::packed();
  model.config["tie_word_embeddings"] = "false";
  EXPECT_FAILURE(open(model), ExitCode::Malformed, "lm_head.weight: missing");
  model.tensors["lm_head.weight"] = {"BF16", {11, 8}, std::string(176, '\0')};
  EXPECT_SUCCESS(open(model));
}

TEST_F(CheckpointDirectory, head_dim_may_differ_from_hidden_over_heads) {
  TestModel model = TestModel::master();
  model.config["head_dim"] = "6";
  model.config["num_hidden_layers"] = "1";
  std::erase_if(model.tensors, [](const auto &tensor) {
    return llvm::StringRef(tensor.first).starts_with("model.layers.1.");
  });
  std::string prefix = "model.layers.0.self_attn.";
  auto zeros = [](std::vector<uint64_t> shape) {
    uint64_t count = 2;
    for (uint64_t extent : shape)
      count *= extent;
    return test::Tensor{"BF16", shape, std::string(count, '\0')};
  };
  model.tensors[prefix + "q_proj.weight"] = zeros({12, 8});
  model.tensors[prefix + "k_proj.weight"] = zeros({6, 8});
  model.tensors[prefix + "v_proj.weight"] = zeros({6, 8});
  model.tensors[prefix + "o_proj.weight"] = zeros({8, 12});
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "attn_sub_norm.weight: expected BF16, F16 or F32 [12], found "
                 "BF16 [8]");
  model.tensors[prefix + "attn_sub_norm.weight"] = zeros({12});
  EXPECT_SUCCESS(open(model));
}

TEST_F(CheckpointDirectory, rejects_what_is_no_directory) {
  EXPECT_FAILURE(Checkpoint::open(directory.path("none")), ExitCode::Unreadable,
                 "none: cannot open: No such file");
  EXPECT_FAILURE(Checkpoint::open(directory.write("notes", "text")),
                 ExitCode::Unreadable, "expected a checkpoint directory");
}

TEST_F(CheckpointDirectory, rejects_a_missing_or_broken_config) {
  directory.write("model.safetensors", "");
  EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                 "config.json: missing");
  directory.write("config.json", "{");
  EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Malformed,
                 "config.json: malformed JSON");
}

TEST_F(CheckpointDirectory, rejects_a_broken_generation_config) {
  TestModel model = TestModel::packed();
  model.files["generation_config.json"] = "{";
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "generation_config.json: malformed JSON");
}

TEST_F(CheckpointDirectory, rejects_every_missing_tensor) {
  TestModel model = TestModel::packed();
  for (const auto &[name, tensor] : TestModel::packed().tensors) {
    model.tensors.erase(name);
    EXPECT_FAILURE(open(model), ExitCode::Malformed, name + ": missing");
    model.tensors[name] = tensor;
  }
}

TEST_F(CheckpointDirectory, rejects_every_wrong_shape) {
  TestModel model = TestModel::packed();
  for (const auto &[name, tensor] : TestModel::packed().tensors) {
    model.tensors[name].shape[0] += 1;
    model.tensors[name].bytes +=
        tensor.bytes.substr(0, tensor.bytes.size() / tensor.shape[0]);
    EXPECT_FAILURE(open(model), ExitCode::Malformed, name + ": expected ");
    model.tensors[name] = tensor;
  }
}

TEST_F(CheckpointDirectory, rejects_every_wrong_type) {
  TestModel model = TestModel::packed();
  for (const auto &[name, tensor] : TestModel::packed().tensors) {
    model.tensors[name].dtype = tensor.dtype == "U8" ? "I8" : "I16";
    EXPECT_FAILURE(open(model), ExitCode::Malformed, name + ": expected ");
    model.tensors[name] = tensor;
  }
}

TEST_F(CheckpointDirectory, rejects_a_transposed_matrix) {
  TestModel model = TestModel::packed();
  std::swap(model.tensors[gate].shape[0], model.tensors[gate].shape[1]);
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 gate + ": expected U8 [3, 8], found U8 [8, 3]");
}

TEST_F(CheckpointDirectory, rejects_a_scale_that_is_not_positive_and_finite) {
  for (float scale : {NAN, INFINITY, -INFINITY, 0.0f, -0.0f, -1.0f}) {
    TestModel model = TestModel::packed();
    model.tensors[gate + "_scale"].bytes = test::bf16({scale});
    EXPECT_FAILURE(open(model), ExitCode::Malformed, gate + "_scale: byte ");
  }
}

TEST_F(CheckpointDirectory, rejects_a_divisor_whose_inverse_overflows) {
  TestModel model = TestModel::packed();
  model.config["quantization_config"] = "{}";
  EXPECT_SUCCESS(open(model));
  model.tensors[gate + "_scale"].bytes = test::bf16({1e-40f});
  EXPECT_FAILURE(open(model), ExitCode::Malformed,
                 "expected a positive finite number, found ");
}

TEST_F(CheckpointDirectory, rejects_a_norm_that_is_not_a_number) {
  TestModel model = TestModel::packed();
  model.tensors["model.norm.weight"].bytes =
      test::bf16({1, 1, 1, NAN, 1, 1, 1, 1});
  EXPECT_FAILURE(open(model), ExitCode::Malformed, "model.norm.weight: byte ");
}

TEST_F(CheckpointDirectory, chat_template_can_be_chosen) {
  TestModel model = TestModel::packed();
  model.files["tokenizer_config.json"] = "{\"chat_template\":\"{{ odd }}\"}";
  EXPECT_FAILURE(open(model), ExitCode::Unreadable,
                 "--chat-template=bitnet|llama3|chatml|falcon3|none");
  llvm::Expected<std::unique_ptr<Checkpoint>> checkpoint =
      open(model, {.chatTemplate = "chatml"});
  ASSERT_TRUE(bool(checkpoint)) << toFailure(checkpoint.takeError()).message;
  EXPECT_EQ((*checkpoint)->chatTemplate().name, "chatml");
  EXPECT_FAILURE(open(model, {.chatTemplate = "odd"}), ExitCode::Usage,
                 "--chat-template=odd: expected one of bitnet, llama3, chatml, "
                 "falcon3, none or a file");
}

/// A template in a file of its own has the checkpoint's special tokens.
TEST_F(CheckpointDirectory, a_chosen_file_has_the_tokens_of_the_checkpoint) {
  TestModel model = TestModel::packed();
  model.files["tokenizer_config.json"] = "{\"eos_token\":\"</s>\"}";
  std::string path = directory.write(
      "mine.jinja", "{% for m in messages %}{{ '<' + m.role + '>' + "
                    "m.content + eos_token }}{% endfor %}<assistant>");
  llvm::Expected<std::unique_ptr<Checkpoint>> checkpoint =
      open(model, {.chatTemplate = path});
  ASSERT_TRUE(bool(checkpoint)) << toFailure(checkpoint.takeError()).message;
  EXPECT_EQ((*checkpoint)->chatTemplate().turns[0].pieces[TRITC_CHAT_PROMPT],
            "</s><assistant>");
}

TEST_F(CheckpointDirectory, knows_that_no_template_is_there) {
  TestModel model = TestModel::packed();
  llvm::Expected<std::unique_ptr<Checkpoint>> checkpoint = open(model);
  ASSERT_TRUE(bool(checkpoint)) << toFailure(checkpoint.takeError()).message;
  EXPECT_TRUE((*checkpoint)->chatTemplate().rules.isMissed);
  checkpoint = open(model, {.chatTemplate = "none"});
  ASSERT_TRUE(bool(checkpoint)) << toFailure(checkpoint.takeError()).message;
  EXPECT_FALSE((*checkpoint)->chatTemplate().rules.isMissed);
}

} // namespace
} // namespace tritc::import
