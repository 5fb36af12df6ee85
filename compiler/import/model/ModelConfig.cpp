//===- ModelConfig.cpp - Facts of a model ---------------------------------===//

#include "compiler/import/model/ModelConfig.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

namespace tritc::import {

void ModelConfig::setFacts(const FamilyFacts &facts) {
  activation = facts.activation;
  normNames = facts.subNorms;
  hasSubNorms = facts.subNorms != NormNames::None;
  hasProjectionNorms = facts.projectionNorms;
  if (hasProjectionNorms)
    projectionNormEps = rmsNormEps;
  hasHeadNorms = facts.headNorms;
  hasPostNorms = facts.postNorms;
  normsAddOne = facts.normsAddOne;
  if (facts.scalesEmbedding)
    embeddingScale = float(std::sqrt(double(hiddenSize)));
  embeds = facts.output == Output::Vector;
  if (!embeds)
    return;
  pooling = defaultPooling();
  tiedEmbedding = true; // there is no head
}

void ModelConfig::addOptionalParts(
    llvm::function_ref<bool(llvm::StringRef)> has) {
  for (llvm::StringRef projection : projections)
    if (has((projection + ".bias").str()))
      biased.insert(projection.str());
  hasHeadNorms |=
      has("self_attn.q_norm.weight") || has("self_attn.k_norm.weight");
  if (!hasProjectionNorms && has("self_attn.q_proj.norm.weight")) {
    hasProjectionNorms = true;
    projectionNormEps = rmsNormEps;
  }
  if (hasSubNorms)
    return;
  bool isInner =
      has("self_attn.inner_attn_ln.weight") || has("mlp.ffn_layernorm.weight");
  hasSubNorms = isInner || has("self_attn.attn_sub_norm.weight") ||
                has("mlp.ffn_sub_norm.weight");
  if (hasSubNorms)
    normNames = isInner ? NormNames::InnerNorms : NormNames::SubNorms;
}

llvm::Error checkContextSize(const ModelConfig &config, uint64_t tokens) {
  if (tokens >= 1 && tokens <= config.contextSize)
    return llvm::Error::success();
  return makeError(ExitCode::Usage, "--ctx-size: expected 1 to " +
                                        llvm::Twine(config.contextSize) +
                                        " (max_position_embeddings), found " +
                                        llvm::Twine(tokens));
}

std::vector<uint32_t> resolveStopTokens(
    const ModelConfig &config,
    llvm::function_ref<std::optional<uint32_t>(llvm::StringRef)> idOf) {
  std::vector<uint32_t> ids = config.stopTokens;
  for (llvm::StringRef text :
       {"<|eot_id|>", "<|im_end|>", "<|end_of_text|>", "<|endoftext|>",
        "<|eom_id|>", "<end_of_turn>", "</s>"})
    if (std::optional<uint32_t> id = idOf(text); id && *id < config.vocabSize)
      ids.push_back(*id);
  llvm::sort(ids);
  ids.erase(llvm::unique(ids), ids.end());
  return ids;
}

} // namespace tritc::import
