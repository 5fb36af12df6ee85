//===- Words.h - The text a synthetic tokenizer learns from ---------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace tritc::synth {

/// Lower-case words, the most frequent first.
llvm::SmallVector<llvm::StringRef> wordList();

/// Pieces that are learnt as they stand: digits, punctuation, white space,
/// words of other scripts.
llvm::SmallVector<llvm::StringRef> pieceList();

} // namespace tritc::synth
