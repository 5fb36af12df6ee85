//===- Tokenizer.h - A checkpoint's tokenizer -----------------------------===//
//
// Reads tokenizer.json (byte-level BPE, as Hugging Face writes it) or a
// tiktoken tokenizer.model into one plain structure, from which
// TokenizerTables.h makes what the emitted program executes. Everything a file
// asks for is either understood exactly or refused with one line.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tritc::import {

/// How text is cut into pieces before BPE; runtime/text/PreTokenizer.h has the
/// expressions.
enum class SplitRule { Llama3, Gpt2 };

/// Two adjacent tokens that may become one; the lowest rank goes first, the
/// leftmost pair of one rank.
struct TokenizerMerge {
  uint32_t left;
  uint32_t right;
  uint32_t merged;
  uint32_t rank;
};

/// A token that is searched for in the text before it is cut.
struct AddedToken {
  uint32_t id;
  bool special = false;    ///< control token; a user's text never makes one
  bool leftStrip = false;  ///< swallows white space before it
  bool rightStrip = false; ///< and after it
  bool normalized = false; ///< searched for after those that are not
};

/// A valid tokenizer: ids have no holes, every byte has a token, every merge
/// joins existing tokens into an existing token.
struct TokenizerModel {
  std::vector<std::string> tokens; ///< bytes by id; an added token's spelling
  /// By id: true for a token of the BPE vocabulary, false for one only added.
  std::vector<bool> isPiece;
  std::vector<TokenizerMerge> merges;
  std::vector<AddedToken> added; ///< by id
  SplitRule splitRule = SplitRule::Llama3;
  bool wholePiece = false; ///< "ignore_merges": a piece that is a token stays
  std::optional<uint32_t> bos;
  bool addsBos = false; ///< the post-processor puts `bos` in front of a text

  /// The added token that is spelled `text`.
  std::optional<uint32_t> findAdded(llvm::StringRef text) const;
};

/// What the rest of a checkpoint says about its tokenizer.
struct TokenizerContext {
  uint32_t vocabSize = UINT32_MAX; ///< rows of the embedding
  /// Of config.json; used where the tokenizer's template names none.
  std::optional<uint32_t> bosToken;
};

/// Reads `directory`/tokenizer.json or, where there is none, a tiktoken
/// `directory`/tokenizer.model with the special tokens of Llama 3. Errors are
/// tritc::Error: Unreadable for a missing file and for what is valid but not
/// supported, Malformed for what breaks the format.
llvm::Expected<TokenizerModel> readTokenizer(llvm::StringRef directory,
                                             const TokenizerContext &context);

/// The text of a tokenizer.json; errors begin with `file`.
llvm::Expected<TokenizerModel>
parseTokenizerJson(llvm::StringRef text, llvm::StringRef file,
                   const TokenizerContext &context);

/// The text of a tiktoken tokenizer.model: a line "base64 rank" per token. The
/// 256 special tokens of Llama 3 follow the last rank.
llvm::Expected<TokenizerModel> parseTiktoken(llvm::StringRef text,
                                             llvm::StringRef file,
                                             const TokenizerContext &context);

/// `token` in quotes, control characters escaped, at most 40 bytes of it; for
/// messages.
std::string quoteToken(llvm::StringRef token);

} // namespace tritc::import
