//===- TokenizerSentencePiece.h - Pieces with scores ----------------------===//
//
// SentencePiece's BPE has no list of merges: two neighbours merge when their
// text together is a piece, that of the highest score first. What a
// tokenizer.model and the keys of a GGUF file say of it is the same, and ends
// here.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/TokenizerModel.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace tritc::import {

struct SentencePiece {
  /// Numbers of sentencepiece_model.proto; GGUF's token_type has the same.
  enum Type : uint32_t {
    Normal = 1,
    Unknown = 2,
    Control = 3,     ///< a special token
    UserDefined = 4, ///< found in the text before BPE
    Unused = 5,      ///< never in the ids of a text
    Byte = 6,        ///< "<0x00>" to "<0xFF>"
  };
  std::string text; ///< UTF-8, spaces as U+2581
  float score = 0;
  uint32_t type = Normal;
};

/// "<0x0A>" -> 10; nullopt for any other text.
std::optional<uint8_t> byteOfPiece(llvm::StringRef text);

/// `text` with every U+2581 as a space, the way TokenizerModel spells tokens.
std::string withSpaces(llvm::StringRef text);

/// The tokenizer of these pieces, whose ids are their places. BOS, EOS and the
/// rule for a leading space are left to the caller. Errors begin with `file`.
llvm::Expected<TokenizerModel>
modelOfPieces(llvm::ArrayRef<SentencePiece> pieces, llvm::StringRef file,
              const TokenizerContext &context);

/// The bytes of a SentencePiece tokenizer.model (a protobuf, ModelProto).
llvm::Expected<TokenizerModel>
parseSentencePiece(llvm::StringRef bytes, llvm::StringRef file,
                   const TokenizerContext &context);

} // namespace tritc::import
