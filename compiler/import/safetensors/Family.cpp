//===- Family.cpp - The model families that config.json can name ----------===//

#include "compiler/import/safetensors/Family.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace tritc::import {

static constexpr Family table[] = {
    {.architecture = "BitNetForCausalLM",
     .body = "",
     .modelType = "bitnet",
     .models = "BitNet b1.58 2B4T",
     .ownsModelType = true,
     .vocabSize = 128256,
     .hiddenSize = 2560,
     .ffnSize = 6912,
     .layerCount = 30,
     .headCount = 20,
     .kvHeadCount = 5,
     .headDim = 0,
     .contextSize = 2048,
     .rmsNormEps = 1e-5f,
     .ropeTheta = 500000,
     .bosToken = 128000,
     .eosToken = 128001,
     .tied = false,
     .facts = {.activation = Activation::ReluSquared,
               .subNorms = NormNames::SubNorms},
     .isShared = false},
    {.architecture = "BitnetForCausalLM", // with a small n
     .body = "",
     .modelType = "llama",
     .models = "1bitLLM's BitNet b1.58",
     .ownsModelType = false,
     .vocabSize = 32000,
     .hiddenSize = 4096,
     .ffnSize = 11008,
     .layerCount = 32,
     .headCount = 32,
     .kvHeadCount = 0,
     .headDim = 0,
     .contextSize = 2048,
     .rmsNormEps = 1e-6f,
     .ropeTheta = 10000,
     .bosToken = 1,
     .eosToken = 2,
     .tied = false,
     .facts = {.activation = Activation::Silu,
               .subNorms = NormNames::InnerNorms},
     .isShared = false},
    {.architecture = "LlamaForCausalLM",
     .body = "",
     .modelType = "llama",
     .models = "Llama3-8B-1.58, Falcon3-1.58bit, Falcon-E",
     .ownsModelType = true,
     .vocabSize = 32000,
     .hiddenSize = 4096,
     .ffnSize = 11008,
     .layerCount = 32,
     .headCount = 32,
     .kvHeadCount = 0,
     .headDim = 0,
     .contextSize = 2048,
     .rmsNormEps = 1e-6f,
     .ropeTheta = 10000,
     .bosToken = 1,
     .eosToken = 2,
     .tied = false,
     .facts = {.activation = Activation::Silu},
     .isShared = true},
    {.architecture = "Qwen2ForCausalLM",
     .body = "",
     .modelType = "qwen2",
     .models = "fine-tunes of Qwen 2 and 2.5",
     .ownsModelType = true,
     .vocabSize = 151936,
     .hiddenSize = 4096,
     .ffnSize = 22016,
     .layerCount = 32,
     .headCount = 32,
     .kvHeadCount = 32,
     .headDim = 0,
     .contextSize = 32768,
     .rmsNormEps = 1e-6f,
     .ropeTheta = 10000,
     .bosToken = 151643,
     .eosToken = 151645,
     .tied = false,
     .facts = {.activation = Activation::Silu},
     .isShared = true},
    {.architecture = "Qwen3ForCausalLM",
     .body = "Qwen3Model",
     .modelType = "qwen3",
     .models = "BitNet-embedding 0.6B",
     .ownsModelType = true,
     .vocabSize = 151936,
     .hiddenSize = 4096,
     .ffnSize = 22016,
     .layerCount = 32,
     .headCount = 32,
     .kvHeadCount = 32,
     .headDim = 128,
     .contextSize = 32768,
     .rmsNormEps = 1e-6f,
     .ropeTheta = 10000,
     .bosToken = 151643,
     .eosToken = 151645,
     .tied = false,
     .facts = {.activation = Activation::Silu,
               .projectionNorms = true,
               .headNorms = true,
               .windows = Windows::Last,
               .output = Output::Vector},
     .isShared = false},
    {.architecture = "Gemma3ForCausalLM",
     .body = "Gemma3TextModel",
     .modelType = "gemma3_text",
     .models = "BitNet-embedding 270M",
     .ownsModelType = true,
     .vocabSize = 262208,
     .hiddenSize = 2304,
     .ffnSize = 9216,
     .layerCount = 26,
     .headCount = 8,
     .kvHeadCount = 4,
     .headDim = 256,
     .contextSize = 131072,
     .rmsNormEps = 1e-6f,
     .ropeTheta = 1000000,
     .bosToken = 2,
     .eosToken = 1,
     .tied = true,
     .facts = {.activation = Activation::GeluTanh,
               .projectionNorms = true,
               .headNorms = true,
               .postNorms = true,
               .normsAddOne = true,
               .scalesEmbedding = true,
               .scalesScores = true,
               .windows = Windows::Alternating,
               .localRopeTheta = 10000,
               .output = Output::Vector},
     .isShared = false},
};

llvm::ArrayRef<Family> families() { return table; }

const Family *familyOfArchitecture(llvm::StringRef architecture) {
  const Family *found = llvm::find_if(table, [&](const Family &family) {
    return family.architecture == architecture ||
           (!family.body.empty() && family.body == architecture);
  });
  return found == std::end(table) ? nullptr : found;
}

const Family *familyOfModelType(llvm::StringRef modelType) {
  const Family *found = llvm::find_if(table, [&](const Family &family) {
    return family.ownsModelType && family.modelType == modelType;
  });
  return found == std::end(table) ? nullptr : found;
}

std::string familyList() {
  return llvm::join(
      llvm::map_range(
          table,
          [](const Family &family) {
            return (family.architecture + " (" + family.models + ")").str();
          }),
      ", ");
}

} // namespace tritc::import
