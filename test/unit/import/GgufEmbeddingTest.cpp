//===- GgufEmbeddingTest.cpp - GGUF files of the models that embed --------===//

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
  EXPECT_TRUE(tokenizer->composes);
  EXPECT_FALSE(tokenizer->addsBos);
  EXPECT_EQ(tokenizer->split[0].expression, qwen2Expression);
  file.set("qwen3.pooling_type", uint32_t(3));
  EXPECT_SUCCESS(open(file));
  file.set("qwen3.pooling_type", uint32_t(1));
  EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                 "qwen3.pooling_type: unsupported, expected 3");
}
