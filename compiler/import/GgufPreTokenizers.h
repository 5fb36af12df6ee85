//===- GgufPreTokenizers.h - What tokenizer.ggml.pre names ----------------===//
//
// A GGUF file names the rules around byte-level BPE instead of holding them. A
// name stands for what the tokenizer.json of the model that it comes from says.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/Tokenizer.h"

namespace tritc::import {

/// Sets what stands before BPE in `model`, and whether a BOS does. False for a
/// name that is not known.
bool applyGgufPreTokenizer(llvm::StringRef name, TokenizerModel &model);

/// "llama-bpe, qwen2, ..."; for messages.
std::string ggufPreTokenizerNames();

} // namespace tritc::import
