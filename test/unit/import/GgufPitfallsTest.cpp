//===- GgufPitfallsTest.cpp - Mistakes of other readers of GGUF files -----===//

#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "test/unit/import/TestGguf.h"

#include <cmath>

using namespace tritc;
using namespace tritc::import;
using test::bytesOf;
using test::f32;
using test::TestGguf;

static const std::string query = "model.layers.0.self_attn.q_proj.weight";
static const std::string key = "model.layers.0.self_attn.k_proj.weight";

namespace {
class GgufPitfall : public test::GgufTest {
protected:
  /// Rows of the query matrix, 32 x 32.
  llvm::Expected<std::vector<int8_t>> rows(const TestGguf &file) {
    std::vector<int8_t> weights(32 * 32);
    if (llvm::Error error = opened(file)->ternaryRows(query, 0, 32, weights))
      return std::move(error);
    return weights;
  }
};
} // namespace

static std::vector<int8_t> expectedRows() {
  std::vector<int> weights = test::testWeights(32, 32);
  return {weights.begin(), weights.end()};
}

/// Pitfall 3 and 4, and the name of an architecture with a dot in it.
TEST_F(GgufPitfall, the_activation_follows_the_architecture) {
  using enum Activation;
  auto activation = [&](const TestGguf &file) {
    return opened(file)->config().activation;
  };
  for (const char *name : {"bitnet-b1.58", "bitnet-25", "bitnet-1.58"})
    EXPECT_EQ(activation(TestGguf::model(name)), ReluSquared) << name;
  EXPECT_EQ(activation(TestGguf::model("bitnet")), Silu);
  EXPECT_EQ(activation(TestGguf::model("llama")), Silu);
  TestGguf file = TestGguf::model("bitnet");
  file.set("bitnet.hidden_activation", std::string("relu2"));
  EXPECT_EQ(activation(file), ReluSquared);
  file.set("bitnet.hidden_activation", std::string("tanh"));
  EXPECT_FAILURE(open(file), ExitCode::Unreadable, "hidden_activation");
}

TEST_F(GgufPitfall, the_architecture_is_another) {
  TestGguf file = TestGguf::model("mamba");
  EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                 "general.architecture: unsupported");
  file.remove("general.architecture");
  EXPECT_FAILURE(open(file), ExitCode::Unreadable, "found nothing");
}

/// Pitfall 4: the converter of 2026 calls 1bitLLM's models bitnet-b1.58.
TEST_F(GgufPitfall, a_1bitllm_model_with_a_newer_name_has_silu) {
  TestGguf file = TestGguf::model();
  file.set("tokenizer.ggml.model", std::string("llama"));
  file.set("bitnet-b1.58.block_count", uint32_t(24));
  file.tensor("token_embd.weight").dims = {32, 32002};
  file.tensor("token_embd.weight").bytes.resize(4 * 32 * 32002);
  std::vector<TestGguf::Tensor> layer;
  for (const TestGguf::Tensor &tensor : file.tensors)
    if (tensor.name.starts_with("blk.0."))
      layer.push_back(tensor);
  for (int i = 1; i < 24; ++i)
    for (TestGguf::Tensor tensor : layer) {
      tensor.name.replace(4, 1, std::to_string(i));
      file.tensors.push_back(tensor);
    }
  EXPECT_EQ(opened(file)->config().activation, Activation::Silu);
  file.set("tokenizer.ggml.model", std::string("gpt2"));
  EXPECT_EQ(opened(file)->config().activation, Activation::ReluSquared);
}

/// Pitfall 5: three orders, one type. Each option reads what it says.
TEST_F(GgufPitfall, the_layout_of_i2_s_is_the_users_choice) {
  TestGguf file = TestGguf::model();
  std::vector<std::vector<int8_t>> read;
  for (I2sLayout layout : {I2sLayout::A, I2sLayout::B, I2sLayout::C}) {
    options.gguf.i2sLayout = layout;
    read.emplace_back(32 * 64);
    EXPECT_SUCCESS(opened(file)->ternaryRows(
        "model.layers.0.mlp.down_proj.weight", 0, 32, read.back()));
  }
  std::vector<int> weights = test::testWeights(32, 64);
  EXPECT_EQ(read[0], std::vector<int8_t>(weights.begin(), weights.end()));
  EXPECT_NE(read[0], read[1]);
  EXPECT_NE(read[0], read[2]);
  EXPECT_NE(read[1], read[2]);
}

/// Pitfall 6: a scale is applied, and one that is none is refused.
TEST_F(GgufPitfall, the_scale_is_behind_the_codes) {
  TestGguf file = TestGguf::model();
  EXPECT_EQ(*opened(file)->weightScale(query), 0.5f);
  auto &tensor = file.tensor("blk.0.attn_q.weight");
  for (float bad : {NAN, INFINITY, -INFINITY, 0.0f}) {
    tensor.bytes = test::i2s(test::testWeights(32, 32), bad);
    EXPECT_FAILURE(open(file), ExitCode::Malformed,
                   "blk.0.attn_q.weight: scale 0: expected a ");
  }
}

/// A converter of 2024 took the scale of a signed element.
TEST_F(GgufPitfall, a_scale_may_be_negative) {
  TestGguf file = TestGguf::model();
  file.tensor("blk.0.attn_q.weight").bytes =
      test::i2s(test::testWeights(32, 32), -0.5f);
  EXPECT_EQ(*opened(file)->weightScale(query), 0.5f);
  std::vector<int8_t> negated = expectedRows();
  for (int8_t &weight : negated)
    weight = int8_t(-weight);
  EXPECT_EQ(*rows(file), negated);
}

TEST_F(GgufPitfall, the_code_3_means_nothing) {
  TestGguf file = TestGguf::model();
  file.tensor("blk.0.attn_q.weight").bytes[40] |= '\xc0';
  EXPECT_FAILURE(rows(file), ExitCode::Malformed,
                 "blk.0.attn_q.weight: from byte");
}

/// Pitfall 9, 10, 11: the published file lacks `pre` and has another model's
/// template; its turns end with another token than its end of sequence.
TEST_F(GgufPitfall, the_published_metadata_are_wrong) {
  TestGguf file = TestGguf::model();
  file.set("tokenizer.ggml.pre", std::string("default"));
  file.set("tokenizer.chat_template",
           std::string("{{ 'Human: ' }}{{ '\\n\\nBITNETAssistant: ' }}"));
  std::unique_ptr<Checkpoint> checkpoint = opened(file);
  EXPECT_EQ(checkpoint->chatTemplate().name, "bitnet");
  ASSERT_EQ(checkpoint->notes().size(), 1u);
  auto tokenizer = checkpoint->tokenizer();
  ASSERT_TRUE(bool(tokenizer));
  ASSERT_EQ(tokenizer->split.size(), 1u);
  EXPECT_EQ(tokenizer->split[0].expression, llama3Expression);
  EXPECT_TRUE(tokenizer->wholePiece);
  EXPECT_EQ(resolveStopTokens(checkpoint->config(),
                              [&](llvm::StringRef text) {
                                return tokenizer->findAdded(text);
                              }),
            (std::vector<uint32_t>{258, 259}));
  options.chatTemplate = "chatml";
  EXPECT_TRUE(opened(file)->notes().empty());
}

/// Pitfall 9, for others: without the key there is nothing to go by.
TEST_F(GgufPitfall, a_llama_needs_tokenizer_pre) {
  TestGguf file = TestGguf::model("llama");
  EXPECT_FAILURE(opened(file)->tokenizer(), ExitCode::Unreadable,
                 "tokenizer.ggml.pre: unsupported");
  for (const char *pre : {"llama-bpe", "falcon3", "falcon_e"}) { // pitfall 19
    file.set("tokenizer.ggml.pre", std::string(pre));
    EXPECT_SUCCESS(opened(file)->tokenizer());
  }
  file.set("tokenizer.ggml.pre", std::string("gpt-2"));
  EXPECT_EQ(opened(file)->tokenizer()->split[0].expression, gpt2Expression);
}

/// Pitfall 17: rows are put back for llama, and for llama alone.
TEST_F(GgufPitfall, only_llama_permutes_queries_and_keys) {
  std::vector<int> weights = test::testWeights(32, 32), permuted(32 * 32);
  for (int row = 0; row < 32; ++row)
    for (int column = 0; column < 32; ++column) {
      int head = row / 16, e = row % 16 / 8, j = row % 8;
      permuted[(16 * head + 2 * j + e) * 32 + column] =
          weights[row * 32 + column];
    }
  for (const char *name : {"llama", "bitnet"}) {
    TestGguf file = TestGguf::model(name);
    file.tensor("blk.0.attn_q.weight").bytes = test::i2s(permuted, 0.5f);
    EXPECT_EQ(*rows(file) == expectedRows(), std::string(name) == "llama");
  }
}

/// Pitfall 18: a Llama file may say I2_S and hold floats of an ordinary Llama.
TEST_F(GgufPitfall, float_weights_must_be_ternary_in_a_llama) {
  TestGguf file = TestGguf::model("llama");
  const std::string down = "model.layers.0.mlp.down_proj.weight";
  auto &tensor = file.tensor("blk.0.ffn_down.weight");
  tensor.type = 0;
  std::vector<float> weights(32 * 64, 0.25f);
  weights[3] = -0.25f;
  tensor.bytes = f32(weights);
  EXPECT_EQ(*opened(file)->weightScale(down), 0.25f);
  weights[3] = 0.5f;
  tensor.bytes = f32(weights);
  EXPECT_FAILURE(opened(file)->weightScale(down), ExitCode::Unreadable,
                 "not a BitNet model");
}

/// Pitfall 27, 29: 38 and 39 are other types elsewhere, and the tiles are not
/// in the file.
TEST_F(GgufPitfall, tl1_and_tl2_need_the_users_word) {
  TestGguf file = TestGguf::model();
  for (TestGguf::Tensor &tensor : file.tensors)
    if (tensor.type == 36)
      tensor.type = 38;
  EXPECT_FAILURE(open(file), ExitCode::Unreadable, "--tl-tiles=");
  options.gguf.lutTiles = {{0, 0, {16, 16, 16}}};
  EXPECT_SUCCESS(open(file));
  // A matrix of another type beside them: then 38 is not bitnet.cpp's.
  file.tensor("blk.0.ffn_up.weight").type = 36;
  EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                 "expected TL1 or TL2 for all matrices or for none");
  file.tensor("blk.0.ffn_up.weight").type = 38;
  file.tensor("blk.0.ffn_up.weight").bytes.resize(2048);
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "expected at most 544 bytes for TL1 with these tiles");
}

/// Pitfall 28: the scale of TL1 and TL2 stands behind padding.
TEST_F(GgufPitfall, the_scale_of_tl1_is_aligned) {
  TestGguf file = TestGguf::model();
  for (TestGguf::Tensor &tensor : file.tensors)
    if (tensor.type == 36) {
      tensor.type = 38;
      size_t codes = tensor.bytes.size() - 32;
      tensor.bytes =
          std::string(codes, '\x44') + f32({2.0f}) + std::string(28, '\0');
    }
  options.gguf.lutTiles = {{0, 0, {16, 16, 16}}};
  EXPECT_EQ(*opened(file)->weightScale(query), 2.0f);
  file.tensor("blk.0.attn_q.weight").bytes[3] = '\xf4';
  EXPECT_FAILURE(rows(file), ExitCode::Malformed, "row 3, column 0");
}

/// Pitfall 30, 43: a companion tensor has the scale, one for the matrix.
TEST_F(GgufPitfall, a_visible_scale_replaces_or_multiplies) {
  TestGguf file = TestGguf::model();
  auto add = [&](const char *name, std::vector<float> values) {
    file.tensors.push_back({name, {values.size()}, 0, f32(values), {}});
  };
  add("blk.0.attn_q.weight_scale", {3.0f});
  EXPECT_EQ(*opened(file)->weightScale(query), 3.0f);
  EXPECT_TRUE(opened(file)->notes().empty());
  add("blk.0.attn_q.scale", {2.0f});
  EXPECT_EQ(*opened(file)->weightScale(query), 6.0f);
  file.tensors.back().bytes = f32({INFINITY});
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "scale: expected a finite");
  file.tensors.back().bytes = f32({1, 1});
  file.tensors.back().dims = {2};
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "expected one float, found [2] of F32");
}

/// Pitfall 31: rows without weights have scale 0, and codes of +1.
TEST_F(GgufPitfall, codes_without_a_scale_are_zero) {
  TestGguf file = TestGguf::model();
  auto &tensor = file.tensor("blk.0.ffn_down.weight"); // 32 x 64
  tensor.type = 135;
  tensor.bytes.clear();
  for (int row = 0; row < 32; ++row)
    tensor.bytes += bytesOf(row == 5 ? 0.0f : 0.75f) + std::string(16, '\xaa');
  const std::string down = "model.layers.0.mlp.down_proj.weight";
  std::unique_ptr<Checkpoint> checkpoint = opened(file);
  EXPECT_EQ(*checkpoint->weightScale(down), 0.75f);
  std::vector<int8_t> two(128);
  EXPECT_SUCCESS(checkpoint->ternaryRows(down, 4, 2, two));
  EXPECT_EQ(two[0], 1);
  EXPECT_EQ(two[64], 0);
  // A scale of its own for a row is another kind of model.
  tensor.bytes.replace(20 * 7, 4, bytesOf(0.5f));
  EXPECT_FAILURE(opened(file)->weightScale(down), ExitCode::Malformed,
                 "one scale for the whole matrix");
}

/// Pitfall 33: 256-blocks never fit the shapes of 3B.
TEST_F(GgufPitfall, blocks_must_fit_rows) {
  TestGguf file = TestGguf::model();
  for (auto [type, text] :
       {std::pair(34u, "a multiple of 256 elements for TQ1"),
        std::pair(134u, "a multiple of 64 elements for IQ1")}) {
    file.tensor("blk.0.attn_q.weight").type = type;
    EXPECT_FAILURE(open(file), ExitCode::Malformed, text);
  }
}

/// Pitfall 38: general.name is for people.
TEST_F(GgufPitfall, the_name_says_nothing_of_the_family) {
  TestGguf file = TestGguf::model("bitnet");
  file.set("general.name", std::string("bitnet2b_2501"));
  EXPECT_EQ(opened(file)->config().activation, Activation::Silu);
  EXPECT_EQ(opened(file)->config().name, "bitnet2b_2501");
}

/// Pitfall 39: norms of any float type.
TEST_F(GgufPitfall, norms_may_be_f16) {
  TestGguf file = TestGguf::model();
  file.tensor("output_norm.weight").type = 1;
  file.tensor("output_norm.weight").bytes =
      test::f16Bits(std::vector<uint16_t>(32, 0x4000));
  std::vector<float> norm(32);
  EXPECT_SUCCESS(opened(file)->floats("model.norm.weight", 0, norm));
  EXPECT_EQ(norm, std::vector<float>(32, 2.0f));
  file.tensor("output_norm.weight").bytes[63] = '\x7c'; // infinity
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "output_norm.weight: byte");
}

/// Pitfall 40: the width of a head is a key of its own.
TEST_F(GgufPitfall, heads_may_be_wider) {
  TestGguf file = TestGguf::model();
  file.set("bitnet-b1.58.attention.key_length", uint32_t(32));
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "expected [64, 32], found [32, 32]");
  file.set("bitnet-b1.58.attention.key_length", uint32_t(16));
  file.set("bitnet-b1.58.attention.value_length", uint32_t(8));
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "attention.value_length");
  file.remove("bitnet-b1.58.attention.value_length");
  file.set("bitnet-b1.58.rope.dimension_count", uint32_t(8));
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "rope.dimension_count");
}

TEST_F(GgufPitfall, numbers_of_the_model_are_absurd) {
  auto refuse = [&](const char *name, uint32_t value, const char *text) {
    TestGguf file = TestGguf::model();
    file.set(std::string("bitnet-b1.58.") + name, value);
    EXPECT_FAILURE(open(file), ExitCode::Malformed, text);
  };
  refuse("block_count", 0xffffffff,
         "block_count: expected an integer from 1 "
         "to 1024, found 4294967295");
  refuse("block_count", 1024, "blk.1.attn_norm.weight: missing");
  refuse("attention.head_count_kv", 0, "head_count_kv: expected an integer");
  refuse("attention.head_count_kv", 3, "expected a divisor of the 2 heads");
  refuse("attention.head_count", 3, "expected a multiple of the 3 heads");
  refuse("embedding_length", 0, "embedding_length: expected an integer");
  refuse("vocab_size", 261, "vocab_size: expected the rows of token_embd");
  TestGguf file = TestGguf::model();
  file.set("bitnet-b1.58.block_count", 5, bytesOf(int32_t(-1)));
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "found -1");
  file.set("bitnet-b1.58.block_count", std::string("1"));
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "found string");
  file.remove("bitnet-b1.58.block_count");
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "block_count: missing");
  file = TestGguf::model();
  file.set("bitnet-b1.58.rope.freq_base", NAN);
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "rope.freq_base");
  file.remove("bitnet-b1.58.rope.freq_base");
  file.set("bitnet-b1.58.rope.scaling.type", std::string("yarn"));
  EXPECT_FAILURE(open(file), ExitCode::Unreadable, "rope.scaling.type");
}

TEST_F(GgufPitfall, tensors_are_missing_or_of_another_shape_or_type) {
  TestGguf file = TestGguf::model();
  file.tensor("blk.0.attn_k.weight").name = "blk.0.attn_x.weight";
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "blk.0.attn_k.weight: missing, expected [16, 32]");
  file = TestGguf::model();
  file.tensor("blk.0.attn_k.weight").type = 12;
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "256 elements for Q4_K");
  file.tensor("blk.0.attn_k.weight").type = 99;
  EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                 "F32, F16, BF16, found type 99");
  file = TestGguf::model();
  file.tensor("output_norm.weight").type = 36;
  EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                 "expected F32, F16, BF16, Q8_0 or Q6_K, found I2_S");
}

/// The head of its own, and the architecture that has none.
TEST_F(GgufPitfall, output_weight_unties_the_head) {
  for (const char *name : {"bitnet-25", "llama", "bitnet"}) {
    TestGguf file = TestGguf::model(name);
    EXPECT_TRUE(opened(file)->config().tiedEmbedding);
    file.tensors.push_back(file.tensors.front());
    file.tensors.back().name = "output.weight";
    EXPECT_EQ(opened(file)->config().tiedEmbedding,
              std::string(name) == "bitnet");
  }
}
