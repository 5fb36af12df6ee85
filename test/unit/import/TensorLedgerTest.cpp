//===- TensorLedgerTest.cpp - No tensor stays unread in silence -----------===//

#include "compiler/import/model/TensorLedger.h"

#include "test/unit/import/TestCheckpoint.h"
#include "test/unit/import/TestGguf.h"

#include <type_traits>

namespace tritc::import {
namespace {

using test::f32;
using test::TestGguf;
using test::TestModel;

// Whoever opens a checkpoint needs an Accounted, and only a ledger makes one.
static_assert(!std::is_default_constructible_v<Accounted>);
static_assert(!std::is_constructible_v<Accounted, std::string>);

using LedgerOfGguf = test::GgufTest;

static test::Tensor ones(uint64_t count) {
  return {"F32", {count}, f32(std::vector<float>(count, 1.0f))};
}

/// Opens a model with one tensor more.
class Leftovers : public test::CheckpointTest {
protected:
  llvm::Expected<std::unique_ptr<Checkpoint>>
  with(const std::string &name, const test::Tensor &tensor = ones(8)) {
    TestModel model = TestModel::packed();
    model.tensors[name] = tensor;
    return open(model);
  }
  std::vector<std::string> notesWith(const std::string &name,
                                     const test::Tensor &tensor = ones(8)) {
    llvm::Expected<std::unique_ptr<Checkpoint>> checkpoint = with(name, tensor);
    if (checkpoint)
      return (*checkpoint)->notes().vec();
    ADD_FAILURE() << toFailure(checkpoint.takeError()).message;
    return {};
  }
};

TEST_F(Leftovers, a_name_that_nothing_reads_is_refused) {
  EXPECT_FAILURE(with("another"), ExitCode::Unreadable,
                 directory.path("model.safetensors") +
                     ": another: expected no tensor that changes the model "
                     "unread, found F32 [8], which nothing in this model "
                     "reads");
}

TEST_F(Leftovers, the_first_is_named_and_the_others_counted) {
  TestModel model = TestModel::packed();
  for (const char *name : {"c", "a", "b"})
    model.tensors[name] = ones(8);
  EXPECT_FAILURE(open(model), ExitCode::Unreadable,
                 ": a: expected no tensor that changes the model unread, found "
                 "F32 [8], which nothing in this model reads; 2 more are not "
                 "read");
}

TEST_F(Leftovers, say_what_they_are) {
  const std::pair<const char *, const char *> kinds[] = {
      {"model.layers.0.self_attn.q_proj.lora_A.weight", "merge it into"},
      {"base_model.model.lm_head.weight", "merge it into the weights first"},
      {"vision_tower.patch.weight", "for images or sound"},
      {"model.layers.0.mlp.experts.0.w1.weight", "a mixture of experts"},
      {"mtp.fc.weight", "the prediction of several tokens at once"},
      {"model.layers.0.mlp.up_proj.weight_scale_inv", "another quantization"},
      {"model.layers.0.pre_norm.weight", "a norm that this model has no place"},
      {"model.norm.bias", "a bias that this model has no place for"},
      {"model.layers.2.input_layernorm.weight",
       "of a layer that the model has not: num_hidden_layers is 2"},
  };
  for (auto [name, reason] : kinds)
    EXPECT_FAILURE(with(name), ExitCode::Unreadable, reason);
}

TEST_F(Leftovers, what_is_recomputed_is_in_one_note) {
  TestModel model = TestModel::packed();
  for (const char *layer : {"0", "1"})
    model.tensors["model.layers." + std::string(layer) +
                  ".self_attn.rotary_emb.inv_freq"] = ones(2);
  model.tensors["model.embeddings.position_ids"] = ones(2);
  model.tensors["model.layers.0.self_attn.bias"] = {"U8", {1, 1}, "x"};
  EXPECT_EQ(opened(model)->notes().vec(),
            std::vector<std::string>{
                directory.path("model.safetensors") +
                ": not needed, and not read: model.embeddings.position_ids, "
                "model.layers.*.self_attn.bias, "
                "model.layers.*.self_attn.rotary_emb.inv_freq (2)"});
}

TEST_F(Leftovers, a_mask_is_no_vector) {
  EXPECT_FAILURE(with("model.layers.0.self_attn.bias"), ExitCode::Unreadable,
                 "a bias that this model has no place for");
}

TEST_F(Leftovers, a_second_copy_of_the_embedding_is_not_needed) {
  test::Tensor copy = TestModel::packed().tensors["model.embed_tokens.weight"];
  EXPECT_EQ(notesWith("lm_head.weight", copy).size(), 1u);
  copy.bytes.back() ^= 1;
  EXPECT_FAILURE(with("lm_head.weight", copy), ExitCode::Unreadable,
                 "model.embed_tokens.weight serves as head in this model, but "
                 "its numbers are others");
}

TEST_F(Leftovers, a_copy_may_have_another_type_but_not_another_shape) {
  test::Tensor copy = TestModel::packed().tensors["model.embed_tokens.weight"];
  ASSERT_EQ(copy.dtype, "BF16");
  std::string wide; // bf16 is the upper half of f32
  for (size_t i = 0; i < copy.bytes.size(); i += 2)
    wide += std::string(2, '\0') + copy.bytes.substr(i, 2);
  EXPECT_EQ(notesWith("lm_head.weight", {"F32", copy.shape, wide}).size(), 1u);
  EXPECT_FAILURE(with("lm_head.weight", {"F32", {wide.size() / 4}, wide}),
                 ExitCode::Unreadable, "serves as head");
}

TEST_F(Leftovers, an_adapter_beside_the_weights_is_refused) {
  TestModel model = TestModel::packed();
  directory.write("adapter_config.json", "{}");
  EXPECT_FAILURE(open(model), ExitCode::Unreadable,
                 "adapter_config.json: expected weights alone, found an "
                 "adapter (LoRA): merge it into them first");
}

TEST_F(Leftovers, an_adapter_alone_is_refused) {
  directory.write("adapter_model.safetensors", "");
  EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                 "merge it into them first");
}

TEST_F(Leftovers, other_files_of_weights_are_in_one_note) {
  directory.write("consolidated.safetensors", "");
  directory.write("model.gguf", "");
  EXPECT_EQ(opened(TestModel::packed())->notes().vec(),
            std::vector<std::string>{
                directory.path() +
                ": other weights, not read: consolidated.safetensors, "
                "model.gguf"});
}

static TestGguf fileWith(const std::string &name, std::vector<float> values,
                         const std::string &arch = "bitnet-b1.58") {
  TestGguf file = TestGguf::model(arch);
  file.tensors.push_back({name, {values.size()}, 0, f32(values), {}});
  return file;
}

TEST_F(LedgerOfGguf, refuses_what_nothing_reads) {
  EXPECT_FAILURE(open(fileWith("blk.0.another.weight", {1})),
                 ExitCode::Unreadable,
                 "m.gguf: blk.0.another.weight: expected no tensor that "
                 "changes the model unread, found F32 [1]");
  EXPECT_FAILURE(open(fileWith("blk.1.attn_norm.weight", {1})),
                 ExitCode::Unreadable, "block_count is 1");
  EXPECT_FAILURE(open(fileWith("blk.0.ffn_gate_inp.weight", {1})),
                 ExitCode::Unreadable, "a mixture of experts");
}

TEST_F(LedgerOfGguf, rotations_that_are_not_scaled_are_not_needed) {
  EXPECT_EQ(opened(fileWith("rope_freqs.weight", std::vector<float>(8, 1.0f)))
                ->notes()
                .vec(),
            std::vector<std::string>{
                directory.path("m.gguf") +
                ": not needed, and not read: rope_freqs.weight"});
  EXPECT_FAILURE(open(fileWith("rope_freqs.weight", {1, 1, 1, 1, 1, 1, 1, 8})),
                 ExitCode::Unreadable, "rope_freqs.weight: expected no tensor");
}

TEST_F(LedgerOfGguf, the_head_of_an_embedding_model_is_not_needed) {
  EXPECT_EQ(opened(fileWith("output.weight", {2, 3}, "qwen3"))->notes().size(),
            1u);
  EXPECT_FAILURE(open(fileWith("output.weight", {2, 3}, "bitnet")),
                 ExitCode::Unreadable, "token_embd.weight serves as head");
}

} // namespace
} // namespace tritc::import
