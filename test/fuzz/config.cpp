//===- config.cpp - config.json and generation_config.json ----------------===//

#include "compiler/import/safetensors/Config.h"
#include "compiler/import/model/ModelTensors.h"
#include "test/fuzz/Input.h"

using namespace tritc;
using namespace tritc::import;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef text = fuzz::textOf(data, size);
  llvm::Expected<ModelConfig> config = parseConfig(text, "config.json");
  if (!config) {
    fuzz::refuse(config.takeError());
    ModelConfig other;
    other.vocabSize = 100;
    auto generation = parseGenerationConfig(text, "generation.json", other);
    if (!generation)
      fuzz::refuse(generation.takeError());
    return 0;
  }
  // Shapes may be multiplied without asking again.
  for (const ModelTensor &tensor : modelTensors(*config))
    for (uint64_t extent : tensor.shape)
      if (extent == 0 || extent > maxVocab)
        std::abort();
  return 0;
}
