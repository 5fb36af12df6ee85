//===- CheckpointStorage.h - What an open checkpoint consists of ----------===//
//
// Private to Checkpoint.cpp, which reads, and to those that fill it:
// OpenCheckpoint.cpp from a directory, GgufCheckpoint.cpp from GGUF files.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/Checkpoint.h"
#include "compiler/import/GgufSet.h"
#include "compiler/import/ModelTensors.h"
#include "compiler/import/Safetensors.h"
#include "compiler/import/TernaryMatrix.h"

#include "llvm/ADT/StringMap.h"

#include <deque>
#include <functional>

namespace tritc::import {

struct CheckpointStorage {
  /// Takes over what was read, with its remark.
  llvm::Error takeChatTemplate(llvm::Expected<ChatTemplate> read);

  ModelConfig config;
  GenerationDefaults generation;
  ChatTemplate chat;
  llvm::StringMap<TensorView> tensors;
  llvm::StringMap<std::unique_ptr<TernaryMatrix>> matrices;
  std::vector<std::string> notes;
  /// Bytes of tensors that files have in another order.
  std::deque<std::vector<uint8_t>> reordered;
  std::function<llvm::Expected<TokenizerModel>()> tokenizer;

  // The container: one of the two.
  TensorSet files;
  GgufSet gguf;

  /// The table of embeddings, once it is read.
  const TensorView *embedding() const {
    auto found = tensors.find("model.embed_tokens.weight");
    return found == tensors.end() ? nullptr : &found->second;
  }
};

/// Fills `storage` from a Hugging Face directory.
llvm::Expected<Accounted> openDirectory(llvm::StringRef directory,
                                        const OpenOptions &options,
                                        CheckpointStorage &storage);

/// Fills `storage` from GGUF files.
llvm::Expected<Accounted> openGguf(GgufSet files, const OpenOptions &options,
                                   CheckpointStorage &storage);

} // namespace tritc::import
