//===- ModelTensors.cpp - Which tensors a model must have -----------------===//

#include "compiler/import/ModelTensors.h"

namespace tritc::import {

std::string scaleName(llvm::StringRef weight) {
  return (weight + "_scale").str();
}

std::vector<ModelTensor> modelTensors(const ModelConfig &config) {
  uint64_t hidden = config.hiddenSize;
  uint64_t attention = uint64_t(config.headCount) * config.headDim;
  uint64_t keyValue = uint64_t(config.kvHeadCount) * config.headDim;
  uint64_t ffn = config.ffnSize;

  std::vector<ModelTensor> tensors;
  auto vector = [&](const std::string &name, uint64_t length) {
    tensors.push_back({name + ".weight", TensorRole::Vector, {length}});
  };
  auto linear = [&](const std::string &name, uint64_t rows, uint64_t columns) {
    tensors.push_back({name + ".weight", TensorRole::Ternary, {rows, columns}});
    if (config.scaleRule != ScaleRule::Absmean)
      tensors.push_back({scaleName(name + ".weight"), TensorRole::Scale, {1}});
  };

  tensors.push_back({"model.embed_tokens.weight",
                     TensorRole::Matrix,
                     {config.vocabSize, hidden}});
  for (uint32_t layer = 0; layer < config.layerCount; ++layer) {
    std::string prefix = "model.layers." + std::to_string(layer) + ".";
    vector(prefix + "input_layernorm", hidden);
    linear(prefix + "self_attn.q_proj", attention, hidden);
    linear(prefix + "self_attn.k_proj", keyValue, hidden);
    linear(prefix + "self_attn.v_proj", keyValue, hidden);
    if (config.hasSubNorms)
      vector(prefix + "self_attn.attn_sub_norm", attention);
    linear(prefix + "self_attn.o_proj", hidden, attention);
    vector(prefix + "post_attention_layernorm", hidden);
    linear(prefix + "mlp.gate_proj", ffn, hidden);
    linear(prefix + "mlp.up_proj", ffn, hidden);
    if (config.hasSubNorms)
      vector(prefix + "mlp.ffn_sub_norm", ffn);
    linear(prefix + "mlp.down_proj", hidden, ffn);
  }
  vector("model.norm", hidden);
  if (!config.tiedEmbedding)
    tensors.push_back(
        {"lm_head.weight", TensorRole::Matrix, {config.vocabSize, hidden}});
  return tensors;
}

} // namespace tritc::import
