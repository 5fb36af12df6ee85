//===- ModelTensors.cpp - Which tensors a model must have -----------------===//

#include "compiler/import/model/ModelTensors.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

std::string scaleName(llvm::StringRef weight) {
  return (weight + "_scale").str();
}

namespace {
/// Tensors in the order of the forward pass.
class TensorList {
public:
  explicit TensorList(const ModelConfig &config) : config(config) {}

  void add(const std::string &name, TensorRole role,
           std::initializer_list<uint64_t> shape) {
    tensors.push_back({name, name, role, shape});
  }
  void vector(const std::string &name, uint64_t length) {
    add(name + ".weight", TensorRole::Vector, {length});
    tensors.back().lacksOne = config.normsAddOne;
  }
  void addLayer(const std::string &prefix);

  std::vector<ModelTensor> tensors;

private:
  void vectorCalled(const std::string &name, uint64_t length,
                    const std::string &file) {
    vector(name, length);
    tensors.back().file = file + ".weight";
  }
  void subNorm(const std::string &name, uint64_t length,
               const std::string &inner) {
    if (config.hasSubNorms)
      vectorCalled(name, length,
                   config.normNames == NormNames::InnerNorms ? inner : name);
  }
  void linear(const std::string &name, uint64_t rows, uint64_t columns);

  const ModelConfig &config;
};
} // namespace

void TensorList::linear(const std::string &name, uint64_t rows,
                        uint64_t columns) {
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
}

void TensorList::addLayer(const std::string &prefix) {
  uint64_t hidden = config.hiddenSize, ffn = config.ffnSize;
  uint64_t attention = uint64_t(config.headCount) * config.headDim;
  uint64_t keyValue = uint64_t(config.kvHeadCount) * config.headDim;
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

std::vector<ModelTensor> modelTensors(const ModelConfig &config) {
  TensorList list(config);
  list.add("model.embed_tokens.weight", TensorRole::Matrix,
           {config.vocabSize, config.hiddenSize});
  for (uint32_t layer = 0; layer < config.layerCount; ++layer)
    list.addLayer("model.layers." + std::to_string(layer) + ".");
  list.vector("model.norm", config.hiddenSize);
  if (!config.tiedEmbedding)
    list.add("lm_head.weight", TensorRole::Matrix,
             {config.vocabSize, config.hiddenSize});
  return std::move(list.tensors);
}

} // namespace tritc::import
