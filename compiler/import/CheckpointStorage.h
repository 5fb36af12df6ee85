//===- CheckpointStorage.h - What an open checkpoint consists of ----------===//
//
// Private to Checkpoint.cpp, which reads, and to those that fill it:
// DirectoryCheckpoint.cpp from a directory, GgufCheckpoint.cpp from GGUF files.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/OpenOptions.h"
#include "compiler/import/gguf/GgufSet.h"
#include "compiler/import/model/ModelConfig.h"
#include "compiler/import/model/ModelTensors.h"
#include "compiler/import/model/TernaryMatrix.h"
#include "compiler/import/safetensors/Safetensors.h"
#include "compiler/import/template/ChatTemplate.h"
#include "compiler/import/tokenizer/TokenizerModel.h"

#include "llvm/ADT/StringMap.h"

#include <deque>
#include <functional>

namespace tritc::import {

struct CheckpointStorage {
  /// Takes over what was read, with its remark.
  llvm::Error takeChatTemplate(llvm::Expected<ChatTemplate> read) {
    if (!read)
      return read.takeError();
    chat = std::move(*read);
    if (!chat.remark.empty())
      notes.push_back(chat.remark);
    return llvm::Error::success();
  }

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
