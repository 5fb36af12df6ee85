//===- Family.cpp - The model families that config.json can name ----------===//

#include "compiler/import/Family.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace tritc::import {

static constexpr Family table[] = {
    {.architecture = "BitNetForCausalLM",
     .modelType = "bitnet",
     .models = "BitNet b1.58 2B4T",
     .ownsModelType = true,
     .vocabSize = 128256,
     .hiddenSize = 2560,
     .ffnSize = 6912,
     .layerCount = 30,
     .headCount = 20,
     .kvHeadCount = 5,
     .contextSize = 2048,
     .rmsNormEps = 1e-5f,
     .ropeTheta = 500000,
     .activation = Activation::ReluSquared,
     .bosToken = 128000,
     .eosToken = 128001,
     .norms = NormNames::SubNorms,
     .isShared = false},
    {.architecture = "BitnetForCausalLM", // with a small n
     .modelType = "llama",
     .models = "1bitLLM's BitNet b1.58",
     .ownsModelType = false,
     .vocabSize = 32000,
     .hiddenSize = 4096,
     .ffnSize = 11008,
     .layerCount = 32,
     .headCount = 32,
     .kvHeadCount = 0,
     .contextSize = 2048,
     .rmsNormEps = 1e-6f,
     .ropeTheta = 10000,
     .activation = Activation::Silu,
     .bosToken = 1,
     .eosToken = 2,
     .norms = NormNames::InnerNorms,
     .isShared = false},
    {.architecture = "LlamaForCausalLM",
     .modelType = "llama",
     .models = "Llama3-8B-1.58, Falcon3-1.58bit, Falcon-E",
     .ownsModelType = true,
     .vocabSize = 32000,
     .hiddenSize = 4096,
     .ffnSize = 11008,
     .layerCount = 32,
     .headCount = 32,
     .kvHeadCount = 0,
     .contextSize = 2048,
     .rmsNormEps = 1e-6f,
     .ropeTheta = 10000,
     .activation = Activation::Silu,
     .bosToken = 1,
     .eosToken = 2,
     .norms = NormNames::None,
     .isShared = true},
};

llvm::ArrayRef<Family> families() { return table; }

const Family *familyOfArchitecture(llvm::StringRef architecture) {
  const Family *found = llvm::find_if(table, [&](const Family &family) {
    return family.architecture == architecture;
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
