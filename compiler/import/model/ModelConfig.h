//===- ModelConfig.h - Facts of a model -----------------------------------===//
//
// The shape and the rules of a model, whatever file they come from. Who fills
// them has checked every value, so that later stages may multiply and allocate
// without asking again.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/model/FamilyFacts.h"
#include "compiler/import/model/LocalLayers.h"
#include "compiler/import/model/Pooling.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tritc::import {

/// The matrices of a layer, in the order of the forward pass.
constexpr llvm::StringLiteral projections[] = {
    "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
    "self_attn.o_proj", "mlp.gate_proj",    "mlp.up_proj",
    "mlp.down_proj",
};

/// How the one f32 factor of a ternary matrix comes about.
enum class ScaleRule {
  Multiply, ///< y = acc * weight_scale            (linear_class autobitlinear)
  Divide,   ///< y = acc / weight_scale            (linear_class bitlinear)
  Absmean,  ///< float master weights, quantized by us: scale = mean |W|
  Encoded,  ///< part of how the matrix is stored (GGUF)
};

// Limits that keep every product and every sum exact or in range.

/// Largest row of a ternary matrix: 131072 * 127 < 2^24, so that every integer
/// sum of products is exact in f32.
constexpr uint64_t maxRow = 131072;
constexpr uint64_t maxVocab = 1 << 24;
constexpr uint64_t maxLayers = 1024;
constexpr uint64_t maxHeads = 4096;
constexpr uint64_t maxHeadDim = 4096;
constexpr uint64_t maxContext = 1 << 24;

struct ModelConfig {
  std::string name; ///< for people; of config.json alone, perhaps empty
  uint32_t vocabSize = 0;
  uint32_t hiddenSize = 0;
  uint32_t ffnSize = 0;
  uint32_t layerCount = 0;
  uint32_t headCount = 0;
  uint32_t kvHeadCount = 0; ///< divides headCount
  uint32_t headDim = 0; ///< even; headCount * headDim may differ from hidden
  uint32_t contextSize = 0; ///< max_position_embeddings
  float rmsNormEps = 0;
  double ropeTheta = 0;
  LocalLayers local;
  bool tiedEmbedding = false; ///< false: the head is lm_head.weight
  /// Norms in front of the attention output and of the down projection. In the
  /// bitnet dialect they are attn_sub_norm and ffn_sub_norm, whatever
  /// `normNames` says of the files.
  bool hasSubNorms = false;
  NormNames normNames = NormNames::None;
  bool hasProjectionNorms = false; ///< in front of each matrix
  /// What files call them: "norm" behind the name of a projection, or
  /// "rms_norm". In the bitnet dialect they are *_proj.norm.
  std::string projectionNorm = "norm";
  float projectionNormEps = 0;
  bool hasHeadNorms = false; ///< q_norm, k_norm: over each head
  /// Projections with a bias behind them: "self_attn.q_proj".
  std::set<std::string, std::less<>> biased;
  /// What config.json says of biases, if it does.
  std::optional<bool> attentionBias, ffnBias;
  /// Norms behind the two halves of a block. In the bitnet dialect they are
  /// post_attention_norm and post_feedforward_norm, and
  /// post_attention_layernorm is in front of the feed-forward network, as in
  /// other families.
  bool hasPostNorms = false;
  bool normsAddOne =
      false; ///< stored norm weights, but for *_proj.norm, lack 1
  /// Factor on embedding rows; on attention scores. 0: none, head_dim^-1/2.
  float embeddingScale = 0, scoreScale = 0;
  bool embeds = false; ///< the output is a vector of a text, not logits
  /// Of a model that embeds: how a text's vector is made, and what may stand in
  /// front of the text.
  TritcPooling pooling{};
  Prompts prompts;
  Activation activation = Activation::ReluSquared;
  ScaleRule scaleRule = ScaleRule::Multiply;
  /// Absmean only: nothing in config.json says that the weights are masters
  /// (quantization_mode online). Matrices that are ternary already then keep
  /// their magnitude.
  bool mastersAreAssumed = false;
  /// Absmean only: nothing says that this is a BitNet at all, so every matrix
  /// has to be ternary already.
  bool mastersMustBeTernary = false;
  /// End-of-sequence ids of config.json and generation_config.json, ascending,
  /// each below vocabSize. resolveStopTokens adds those known by text.
  std::vector<uint32_t> stopTokens;
  /// Of a model that embeds: the token behind every text.
  std::optional<uint32_t> endToken;
  /// Of config.json alone: generation_config.json is known to lie.
  std::optional<uint32_t> bosToken;
  /// Lines for people about keys that are not used.
  std::vector<std::string> notes;

  /// Adds the parts of a layer that fine-tunes of any family may have: biases,
  /// norms over heads, in front of projections, of the sub-layers. `has` says
  /// whether some layer has a tensor of that name, "self_attn.q_proj.bias".
  void addOptionalParts(llvm::function_ref<bool(llvm::StringRef)> has);

  /// Takes over what goes with the family. \pre hiddenSize and rmsNormEps are
  /// known
  void setFacts(const FamilyFacts &facts);
};

/// Sampling defaults; the meaning of each value is that of
/// TritcGenerationDefaults.
struct GenerationDefaults {
  float temperature = 0;
  float topP = 1;
  float minP = 0;
  float repeatPenalty = 1;
  uint32_t topK = 0;
};

/// Fails (ExitCode::Usage) unless 1 <= tokens <= config.contextSize.
llvm::Error checkContextSize(const ModelConfig &config, uint64_t tokens);

/// config.stopTokens and every token whose text ends a turn or a text in the
/// families we know (`<|eot_id|>`, `<|im_end|>`, ...). `idOf` returns the id of
/// an added token by its exact text. Ascending, without duplicates; ids outside
/// the vocabulary are dropped.
std::vector<uint32_t> resolveStopTokens(
    const ModelConfig &config,
    llvm::function_ref<std::optional<uint32_t>(llvm::StringRef)> idOf);

} // namespace tritc::import
