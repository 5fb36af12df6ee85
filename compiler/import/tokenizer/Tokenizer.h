//===- Tokenizer.h - A checkpoint's tokenizer -----------------------------===//
//
// Reads tokenizer.json (byte-level BPE or SentencePiece's, as Hugging Face
// writes them), a tiktoken or a SentencePiece tokenizer.model into one plain
// structure, from which TokenizerTables.h makes what the emitted program
// executes. Everything a file asks for is either understood exactly or refused
// with one line.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/TokenizerModel.h"

#include "llvm/Support/Error.h"

namespace tritc::import {

/// Reads `directory`/tokenizer.json or, where there is none,
/// `directory`/tokenizer.model; the contents say which of the three formats it
/// is. A tiktoken file gets the special tokens of Llama 3, a SentencePiece file
/// what tokenizer_config.json and added_tokens.json say beside it. Errors are
/// tritc::Error: Unreadable for a missing file and for what is valid but not
/// supported, Malformed for what breaks the format.
llvm::Expected<TokenizerModel> readTokenizer(llvm::StringRef directory,
                                             const TokenizerContext &context);

/// A tokenizer file of any format; errors begin with `file`.
llvm::Expected<TokenizerModel> parseTokenizer(llvm::StringRef text,
                                              llvm::StringRef file,
                                              const TokenizerContext &context);

/// The text of a tokenizer.json; errors begin with `file`.
llvm::Expected<TokenizerModel>
parseTokenizerJson(llvm::StringRef text, llvm::StringRef file,
                   const TokenizerContext &context);

/// The text of a tiktoken tokenizer.model: a line "base64 rank" per token. The
/// number of ranks says whose special tokens and expression go with it: those
/// of Llama 4 (200,000) or of Llama 3 (any other number below).
llvm::Expected<TokenizerModel> parseTiktoken(llvm::StringRef text,
                                             llvm::StringRef file,
                                             const TokenizerContext &context);

} // namespace tritc::import
