//===- GgufPreTokenizers.h - What tokenizer.ggml.pre names ----------------===//
//
// A GGUF file names the rules around byte-level BPE instead of holding them. A
// name stands for what the tokenizer.json of the model that it comes from says.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/TokenizerModel.h"

#include "llvm/Support/Error.h"

namespace tritc::import {

/// Sets what stands before BPE in `model`, and whether a BOS does. Unreadable
/// for a name that is not known; the line begins with `where` and says which
/// name is the nearest.
llvm::Error applyGgufPreTokenizer(llvm::StringRef name, llvm::StringRef where,
                                  TokenizerModel &model);

/// All names, those of one kind one after another.
std::vector<llvm::StringRef> ggufPreTokenizerNames();

} // namespace tritc::import
