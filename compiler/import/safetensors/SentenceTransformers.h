//===- SentenceTransformers.h - How a directory makes vectors of texts ----===//
//
// A directory that sentence-transformers wrote says in modules.json what stands
// behind the transformer: how the states of a text's tokens are pooled, whether
// the vector is normalized, which prompts go in front of a text. What is read
// here is read as version 5 of that library does; what it would compute and a
// program of ours could not is refused.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/model/Pooling.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tritc::import {

/// modules.json: folders inside the directory, "" for the directory itself.
struct SentenceModules {
  std::string transformer;
  std::string pooling;
  bool normalizes = false;
};

/// <pooling>/config.json.
struct PoolingConfig {
  TritcPooling pooling{}; ///< normalizes is not its to say
  /// Of the states that are pooled; 0 where the file does not say.
  uint32_t width = 0;
  bool includesPrompt = true;
};

/// sentence_bert_config.json.
struct SentenceLimits {
  std::optional<uint32_t> maxTokens;
};

/// Each takes the text of a file and, for messages, its name. Keys that are of
/// no consequence or not known to have one are named in `ignored`.
llvm::Expected<SentenceModules> parseModules(llvm::StringRef text,
                                             llvm::StringRef file);
llvm::Expected<PoolingConfig> parsePooling(llvm::StringRef text,
                                           llvm::StringRef file);
llvm::Expected<Prompts> parsePrompts(llvm::StringRef text, llvm::StringRef file,
                                     std::vector<std::string> &ignored);
llvm::Expected<SentenceLimits>
parseSentenceLimits(llvm::StringRef text, llvm::StringRef file,
                    std::vector<std::string> &ignored);

/// All of it.
struct SentenceTransformer {
  std::string folder; ///< with config.json and the weights
  TritcPooling pooling = defaultPooling();
  std::string poolingFile; ///< for messages
  uint32_t width = 0;      ///< as in PoolingConfig
  Prompts prompts;
  std::optional<uint32_t> maxTokens;
  std::vector<std::string> notes;
};

/// Reads what sentence-transformers wrote into `directory`; nullopt if there is
/// no modules.json, nor anything that only it gives a meaning.
llvm::Expected<std::optional<SentenceTransformer>>
readSentenceTransformer(llvm::StringRef directory);

} // namespace tritc::import
