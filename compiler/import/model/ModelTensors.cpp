//===- ModelTensors.cpp - Which tensors a model must have -----------------===//

#include "compiler/import/model/ModelTensors.h"

#include "llvm/ADT/STLExtras.h"

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
  auto add = [&](const std::string &name, TensorRole role,
                 std::initializer_list<uint64_t> shape) {
    tensors.push_back({name, name, role, shape});
  };
  auto vector = [&](const std::string &name, uint64_t length) {
    add(name + ".weight", TensorRole::Vector, {length});
    tensors.back().lacksOne = config.normsAddOne;
  };
  auto vectorCalled = [&](const std::string &name, uint64_t length,
                          const std::string &file) {
    vector(name, length);
    tensors.back().file = file + ".weight";
  };
  auto subNorm = [&](const std::string &name, uint64_t length,
                     const std::string &inner) {
    if (!config.hasSubNorms)
      return;
    vectorCalled(name, length,
                 config.normNames == NormNames::InnerNorms ? inner : name);
  };
  auto linear = [&](const std::string &name, uint64_t rows, uint64_t columns) {
    if (config.hasProjectionNorms) {
      add(name + ".norm.weight", TensorRole::Vector, {columns});
      tensors.back().file = name + "." + config.projectionNorm + ".weight";
    }
    add(name + ".weight", TensorRole::Ternary, {rows, columns});
    if (config.scaleRule == ScaleRule::Multiply ||
        config.scaleRule == ScaleRule::Divide)
      add(scaleName(name + ".weight"), TensorRole::Scale, {1});
    if (llvm::any_of(config.biased, [&](const std::string &part) {
          return llvm::StringRef(name).ends_with("." + part);
        }))
      add(name + ".bias", TensorRole::Vector, {rows});
  };

  add("model.embed_tokens.weight", TensorRole::Matrix,
      {config.vocabSize, hidden});
  for (uint32_t layer = 0; layer < config.layerCount; ++layer) {
    std::string prefix = "model.layers." + std::to_string(layer) + ".";
    std::string attn = prefix + "self_attn.", mlp = prefix + "mlp.";
    vector(prefix + "input_layernorm", hidden);
    linear(attn + "q_proj", attention, hidden);
    linear(attn + "k_proj", keyValue, hidden);
    linear(attn + "v_proj", keyValue, hidden);
    if (config.hasHeadNorms) {
      vector(attn + "q_norm", config.headDim);
      vector(attn + "k_norm", config.headDim);
    }
    subNorm(attn + "attn_sub_norm", attention, attn + "inner_attn_ln");
    linear(attn + "o_proj", hidden, attention);
    if (config.hasPostNorms) {
      vectorCalled(prefix + "post_attention_norm", hidden,
                   prefix + "post_attention_layernorm");
      vectorCalled(prefix + "post_attention_layernorm", hidden,
                   prefix + "pre_feedforward_layernorm");
      vectorCalled(prefix + "post_feedforward_norm", hidden,
                   prefix + "post_feedforward_layernorm");
    } else {
      vector(prefix + "post_attention_layernorm", hidden);
    }
    linear(mlp + "gate_proj", ffn, hidden);
    linear(mlp + "up_proj", ffn, hidden);
    subNorm(mlp + "ffn_sub_norm", ffn, mlp + "ffn_layernorm");
    linear(mlp + "down_proj", hidden, ffn);
  }
  vector("model.norm", hidden);
  if (!config.tiedEmbedding)
    add("lm_head.weight", TensorRole::Matrix, {config.vocabSize, hidden});
  return tensors;
}

} // namespace tritc::import
