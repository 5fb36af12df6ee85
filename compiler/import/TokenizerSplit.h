//===- TokenizerSplit.h - Cutting text into pieces before BPE -------------===//
//
// A tokenizer cuts text in stages, each of which cuts the pieces of the one
// before. A stage is a regular expression and what becomes of its matches;
// whatever a file names (Split, Digits, Punctuation, ByteLevel) is one of
// those.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/TokenizerPattern.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace tritc::import {

struct SplitStage {
  std::string expression; ///< as people write it
  SplitPattern pattern;
  /// Matches that touch are one piece; else each is one. What lies between
  /// matches is a piece either way.
  bool joinsMatches = false;
  /// The text is GPT-2's alphabet of bytes by now: a character is a byte.
  bool onBytes = false;
};

/// The stages in order; none leaves a text in one piece.
using SplitStages = std::vector<SplitStage>;

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
