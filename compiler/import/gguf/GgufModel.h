//===- GgufModel.h - What GGUF metadata say of a model --------------------===//
#pragma once

#include "compiler/import/gguf/GgufSet.h"
#include "compiler/import/model/ModelConfig.h"
#include "compiler/import/template/ChatTemplate.h"
#include "compiler/import/tokenizer/TokenizerModel.h"

namespace tritc::import {

/// How an architecture of GGUF differs from the others.
struct GgufArchitecture {
  llvm::StringLiteral name; ///< general.architecture, the prefix of its keys
  FamilyFacts facts;
  /// The head is the embedding, even where the file has output.weight.
  bool alwaysTied = false;
  /// Rows of query and key matrices are in the order of interleaved rotation.
  bool permutesHeads = false;
  /// The tokenizer is the one of Llama 3, whatever tokenizer.ggml.pre says.
  bool hasLlama3Tokenizer = false;
};

/// ExitCode::Unreadable for an architecture that is not supported.
llvm::Expected<const GgufArchitecture *> ggufArchitecture(const GgufFile &file);

/// The metadata of the first part; whether the head is the embedding follows
/// from the tensors. Every value is checked as those of config.json are.
llvm::Expected<ModelConfig> readGgufConfig(const GgufSet &files,
                                           const GgufArchitecture &arch);

/// The keys tokenizer.ggml.*.
llvm::Expected<TokenizerModel> readGgufTokenizer(const GgufFile &file,
                                                 const GgufArchitecture &arch,
                                                 const ModelConfig &config);

/// The key tokenizer.chat_template. What the published 2B4T file has there is
/// another model's: it is replaced by "bitnet", and `notes` gets a line.
llvm::Expected<ChatTemplate>
readGgufChatTemplate(const GgufFile &file,
                     const std::optional<std::string> &chosen,
                     std::vector<std::string> &notes);

} // namespace tritc::import
