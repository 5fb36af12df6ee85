//===- TokenizerPipeline.h - The stages around BPE ------------------------===//
//
// tokenizer.json can describe many pipelines. Those of byte-level BPE and of
// converted SentencePiece models are recognised exactly; everything else is
// refused by name, because a pipeline that is only nearly right gives wrong ids
// without a word.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/TokenizerModel.h"

#include "llvm/Support/JSON.h"

namespace tritc::import {

struct TokenizerPipeline {
  SplitStages split;
  NormalForm normalForm = NormalForm::AsItIs;
  std::optional<uint32_t> bos; ///< what the template puts in front of a text
  std::optional<uint32_t> eos; ///< and behind it
  /// The decoder turns U+2581 into spaces and "<0x0A>" into bytes; else it is
  /// ByteLevel.
  bool isSentencePiece = false;
  SpacePrefix spacePrefix = SpacePrefix::Nowhere;
  bool spaceUnlessThere = false;
};

/// Reads normalizer, pre_tokenizer, post_processor and decoder of `document`,
/// the top level of tokenizer.json; errors begin with `file`.
llvm::Expected<TokenizerPipeline>
parsePipeline(const llvm::json::Object &document, llvm::StringRef file);

} // namespace tritc::import
