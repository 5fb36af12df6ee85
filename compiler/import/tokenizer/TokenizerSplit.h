//===- TokenizerSplit.h - Cutting text into pieces before BPE -------------===//
//
// A tokenizer cuts text in stages, each of which cuts the pieces of the one
// before. A stage is a regular expression and what becomes of its matches;
// whatever a file names (Split, Digits, Punctuation, ByteLevel) is one of
// those.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/SplitStage.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace tritc::import {

/// The expressions of published tokenizers, character for character.
extern const llvm::StringLiteral llama3Expression;
extern const llvm::StringLiteral qwen2Expression;
extern const llvm::StringLiteral gpt2Expression;
extern const llvm::StringLiteral o200kExpression; ///< of GPT-4o

/// The one stage of `expression`, which is one of those above.
SplitStages splitBy(llvm::StringRef expression);

/// A stage as a table has it.
struct StageText {
  const llvm::StringLiteral &expression;
  bool joinsMatches = false; ///< as SplitStage's
  bool onBytes = false;      ///< as SplitStage's; so are all behind it
};

/// The stages of `texts`. Errors are tritc::Error and begin with `where`.
llvm::Expected<SplitStages> splitInStages(llvm::ArrayRef<StageText> texts,
                                          llvm::StringRef where);

/// The "pre_tokenizer" of a byte-level tokenizer.json, Sequence taken apart.
/// Errors are tritc::Error and begin with `file`.
llvm::Expected<SplitStages>
parseSplitStages(llvm::ArrayRef<const llvm::json::Object *> stages,
                 llvm::StringRef file);

} // namespace tritc::import
