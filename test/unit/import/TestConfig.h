//===- TestConfig.h - config.json with one change -------------------------===//
#pragma once

#include "compiler/import/safetensors/Config.h"
#include "test/unit/import/TestFiles.h"

namespace tritc::import::test {

/// The config of the small packed model with `key` set to `value`.
inline llvm::Expected<ModelConfig> parseWith(const std::string &key,
                                             const std::string &value) {
  TestModel model = TestModel::packed();
  model.config[key] = value;
  return parseConfig(model.configText(), "config.json");
}

inline ModelConfig good(llvm::Expected<ModelConfig> config) {
  EXPECT_TRUE(bool(config)) << toFailure(config.takeError()).message;
  return config ? std::move(*config) : ModelConfig();
}

} // namespace tritc::import::test
