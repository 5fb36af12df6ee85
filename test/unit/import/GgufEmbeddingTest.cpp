//===- GgufEmbeddingTest.cpp - GGUF files of the models that embed --------===//

#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "test/unit/import/TestGguf.h"

#include <cmath>

using namespace tritc;
using namespace tritc::import;
using test::TestGguf;

namespace {
class GgufEmbedding : public test::GgufTest {};
} // namespace

/// Pitfall 39: what the norms of Gemma lack is in these files already.
TEST_F(GgufEmbedding, pitfall_39_one_was_added_to_the_norms_of_gemma) {
  TestGguf file = TestGguf::model("gemma3");
  std::unique_ptr<Checkpoint> checkpoint = opened(file);
  EXPECT_TRUE(checkpoint->config().hasPostNorms);
  EXPECT_FALSE(checkpoint->config().normsAddOne);
  EXPECT_EQ(checkpoint->config().embeddingScale, std::sqrt(32.f));
  for (const char *norm :
       {"input_layernorm", "post_attention_norm", "post_feedforward_norm",
        "self_attn.q_norm", "self_attn.q_proj.norm"}) {
    std::vector<float> first(1);
    std::string name = std::string("model.layers.0.") + norm + ".weight";
    EXPECT_SUCCESS(checkpoint->floats(name, 0, first));
    EXPECT_EQ(first[0], 1) << norm;
  }
}

TEST_F(GgufEmbedding, models_that_embed_have_no_head_and_other_rules) {
  TestGguf file = TestGguf::model("qwen3");
  file.set("tokenizer.ggml.pre", std::string("qwen2"));
  std::unique_ptr<Checkpoint> checkpoint = opened(file);
  EXPECT_TRUE(checkpoint->config().embeds);
  EXPECT_TRUE(checkpoint->config().hasHeadNorms);
  EXPECT_EQ(checkpoint->config().endToken, 258u);
  auto tokenizer = checkpoint->tokenizer();
  ASSERT_TRUE(bool(tokenizer));
  EXPECT_EQ(tokenizer->normalForm, NormalForm::NFC);
  EXPECT_FALSE(tokenizer->addsBos);
  EXPECT_EQ(tokenizer->split[0].expression, qwen2Expression);
  file.set("qwen3.pooling_type", uint32_t(3));
  EXPECT_SUCCESS(open(file));
}

TEST_F(GgufEmbedding, pooling_is_what_the_key_says) {
  TestGguf file = TestGguf::model("qwen3");
  EXPECT_EQ(opened(file)->config().pooling.modes[0], uint32_t(TRITC_POOL_LAST));
  const std::pair<uint32_t, TritcPoolingMode> kinds[] = {
      {1, TRITC_POOL_MEAN}, {2, TRITC_POOL_FIRST}, {3, TRITC_POOL_LAST}};
  for (auto [kind, mode] : kinds) {
    file.set("qwen3.pooling_type", kind);
    TritcPooling pooling = opened(file)->config().pooling;
    EXPECT_EQ(pooling.modeCount, 1u);
    EXPECT_EQ(pooling.modes[0], uint32_t(mode));
    EXPECT_EQ(pooling.normalizes, 1u);
  }
  for (uint32_t kind : {0, 4, 77}) { // none, rank, and what does not exist
    file.set("qwen3.pooling_type", kind);
    EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                   "qwen3.pooling_type: unsupported, expected 1 (mean), 2 "
                   "(first token) or 3 (last token), found " +
                       std::to_string(kind));
  }
}

TEST_F(GgufEmbedding, a_template_of_a_chat_that_never_is_may_be_anything) {
  TestGguf file = TestGguf::model("qwen3");
  file.set("tokenizer.chat_template", std::string("{% garbage"));
  EXPECT_SUCCESS(open(file));
}

TEST_F(GgufEmbedding, a_window_is_that_of_all_but_every_sixth_layer) {
  TestGguf file = TestGguf::model("gemma3");
  EXPECT_FALSE(opened(file)->config().local.any());
  file.set("gemma3.attention.sliding_window", uint32_t(512));
  file.set("gemma3.rope.freq_base", 1e6f);
  ModelConfig config = opened(file)->config();
  EXPECT_EQ(config.local.isLocal, std::vector<bool>{true});
  EXPECT_EQ(config.local.window, 512u);
  EXPECT_EQ(config.local.ropeTheta, 10000);
  EXPECT_EQ(config.ropeTheta, 1e6);
  file.set("gemma3.rope.freq_base_swa", 500.f);
  EXPECT_EQ(opened(file)->config().local.ropeTheta, 500);
  const std::string pattern = "gemma3.attention.sliding_window_pattern";
  file.set(pattern, uint32_t(1));
  EXPECT_FALSE(opened(file)->config().local.any());
  constexpr uint32_t arrayType = 9, boolType = 7;
  auto flags = [&](std::vector<char> values) {
    file.set(pattern, arrayType,
             test::bytesOf(boolType) + test::bytesOf(uint64_t(values.size())) +
                 std::string(values.begin(), values.end()));
  };
  flags({0});
  EXPECT_FALSE(opened(file)->config().local.any());
  flags({1});
  EXPECT_TRUE(opened(file)->config().local.any());
  flags({1, 0});
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 pattern + ": expected block_count, 1, found 2");
  file.set(pattern, uint32_t(0));
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 pattern + ": expected an integer from 1 to 1024, found 0");
}

TEST_F(GgufEmbedding, rejects_windows_that_no_model_has) {
  TestGguf file = TestGguf::model("gemma3");
  for (uint32_t window : {0u, 16777217u, 4294967295u}) {
    file.set("gemma3.attention.sliding_window", window);
    EXPECT_FAILURE(open(file), ExitCode::Malformed,
                   "gemma3.attention.sliding_window: expected an integer from "
                   "1 to 16777216");
  }
  TestGguf other = TestGguf::model("qwen3");
  other.set("tokenizer.ggml.pre", std::string("qwen2"));
  other.set("qwen3.attention.sliding_window", uint32_t(2));
  EXPECT_FAILURE(open(other), ExitCode::Unreadable,
                 "qwen3.attention.sliding_window: unsupported, expected none: "
                 "the layers of qwen3 see all tokens");
}
