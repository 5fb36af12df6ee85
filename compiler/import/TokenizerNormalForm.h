//===- TokenizerNormalForm.h - What composing a text looks up -------------===//
//
// Unicode's normal form NFC (Unicode Standard Annex 15): a text is decomposed,
// its marks are ordered, and characters are composed again. Hangul syllables,
// which are arithmetic, are in no table.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/abi/Tokenizer.h"

#include "llvm/ADT/StringRef.h"

#include <vector>

namespace tritc::import {

/// The tables of runtime/abi/Tokenizer.h.
struct NormalForm {
  std::vector<uint16_t> entryOf; ///< by code point
  std::vector<TritcNormalEntry> entries;
  std::vector<uint32_t> characters;
  std::vector<TritcComposition> compositions; ///< sorted by first, second
};

/// From the Unicode data of utf8proc.
NormalForm makeNormalForm();

/// Is `text`, which is UTF-8, composed already?
bool isComposed(llvm::StringRef text);

} // namespace tritc::import
