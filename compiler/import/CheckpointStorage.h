//===- CheckpointStorage.h - What an open checkpoint consists of ----------===//
//
// Private to Checkpoint.cpp, which reads, and OpenCheckpoint.cpp, which fills.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/Checkpoint.h"
#include "compiler/import/ModelTensors.h"
#include "compiler/import/Safetensors.h"
#include "compiler/import/Ternary.h"

#include "llvm/ADT/StringMap.h"

#include <mutex>

namespace tritc::import {

/// A ternary matrix and what is known of its scale.
struct TernaryMatrix {
  const TensorView *weight = nullptr;
  const TensorView *scale = nullptr; ///< nullptr: master weights
  MatrixShape shape = {};

  std::mutex mutex;                ///< guards the next member
  std::optional<AbsmeanRule> rule; ///< of master weights, once computed
};

struct Checkpoint::Storage {
  std::string directory;
  ModelConfig config;
  GenerationDefaults generation;
  ChatTemplate chat;
  TensorSet files;
  llvm::StringMap<TensorView> tensors;
  llvm::StringMap<std::unique_ptr<TernaryMatrix>> matrices;
  std::vector<std::string> unexpected;

  llvm::Error readConfig();
  llvm::Error readChatTemplate(const OpenOptions &options);
  llvm::Error readTensors();
  llvm::Error addTensor(const ModelTensor &expected);

  std::string path(llvm::StringRef name) const {
    return (directory + "/" + name).str();
  }
};

} // namespace tritc::import
