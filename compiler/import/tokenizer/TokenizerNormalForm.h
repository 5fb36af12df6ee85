//===- TokenizerNormalForm.h - What a normal form looks up ----------------===//
//
// Unicode's normal forms (Unicode Standard Annex 15): a text is decomposed, its
// marks are ordered, and for NFC and NFKC characters are composed again. Hangul
// syllables, which are arithmetic, are in no table.
//
// The forms are those of Unicode 9, as Hugging Face's tokenizers have them: a
// mark of a later version orders and composes with nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/CodePointTable.h"
#include "compiler/import/tokenizer/TokenizerModel.h"
#include "runtime/abi/Tokenizer.h"

namespace tritc::import {

/// The tables of runtime/abi/Tokenizer.h.
struct NormalFormTables {
  CodePointTable<uint16_t> entryOf;
  std::vector<TritcNormalEntry> entries;
  std::vector<uint32_t> characters;
  std::vector<TritcComposition> compositions; ///< sorted by first, second
};

/// Of any form but AsItIs. Made once.
const NormalFormTables &normalFormTables(NormalForm form);

/// NFC and NFKC.
bool isComposed(NormalForm form);

/// Is `text`, which is UTF-8, in `form` already?
bool isNormal(llvm::StringRef text, NormalForm form);

} // namespace tritc::import
