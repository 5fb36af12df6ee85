//===- TokenizerModel.h - What every tokenizer file becomes ---------------===//
#pragma once

#include "compiler/import/tokenizer/SplitStage.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tritc::import {

/// Where SentencePiece puts a space in front.
enum class SpacePrefix {
  Nowhere,
  AtStart,    ///< of the text, if no added token is there
  Everywhere, ///< in front of each stretch between added tokens
};

/// What a text is put into before it is cut.
enum class NormalForm {
  AsItIs,
  NFC,
  NFD,
  NFKC,
  NFKD,
};

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
  uint32_t id = 0;
  /// What is searched for; spaces instead of U+2581 where it is normalized.
  std::string spelling = {};
  bool special = false;    ///< control token; a user's text never makes one
  bool ofTemplate = false; ///< nor one that the chat template writes
  bool leftStrip = false;  ///< swallows white space before it
  bool rightStrip = false; ///< and after it
  bool normalized = false; ///< searched for after those that are not
};

/// A valid tokenizer: every merge joins existing tokens into an existing token.
struct TokenizerModel {
  /// Bytes by id; an added token's spelling; empty for an id without a token.
  /// SentencePiece's U+2581 is a space.
  std::vector<std::string> tokens;
  /// By id: true for a token of the BPE vocabulary, false for one only added
  /// and for the byte tokens of SentencePiece.
  std::vector<bool> isPiece;
  std::vector<TokenizerMerge> merges;
  std::vector<AddedToken> added; ///< by id
  SplitStages split;             ///< how text is cut into pieces
  NormalForm normalForm = NormalForm::AsItIs;
  bool wholePiece = false; ///< "ignore_merges": a piece that is a token stays
  std::optional<uint32_t> bos;
  bool addsBos = false; ///< the post-processor puts `bos` in front of a text
  std::optional<uint32_t> eos;
  bool addsEos = false; ///< and `eos` behind it

  /// SentencePiece: BPE starts from characters; ids of "<0x00>" to "<0xFF>" for
  /// those that are no token. Empty: it starts from bytes, which are pieces.
  /// UINT32_MAX for a byte without a token.
  std::vector<uint32_t> byteTokens;
  /// What a character becomes that is no token and has a byte that is none;
  /// nullopt: nothing.
  std::optional<uint32_t> unknown;
  bool fusesUnknown = false; ///< neighbours of that kind are one token
  SpacePrefix spacePrefix = SpacePrefix::Nowhere;
  bool spaceUnlessThere = false; ///< no space in front of a space

  /// The added token that is spelled `text`.
  std::optional<uint32_t> findAdded(llvm::StringRef text) const;

  /// Appends `token`, spelled as its bytes unless it says otherwise.
  void add(AddedToken token);

  /// Keeps the added tokens that `pieces` of a chat template write from being
  /// made by what a user writes, as special ones are. White space marks
  /// nothing.
  void protect(llvm::ArrayRef<llvm::StringRef> pieces);
};

/// What the rest of a checkpoint says about its tokenizer.
struct TokenizerContext {
  uint32_t vocabSize = UINT32_MAX; ///< rows of the embedding
  /// Of config.json; used where the tokenizer's template names none.
  std::optional<uint32_t> bosToken;
  /// The token behind every text, of a model that embeds; used where the
  /// tokenizer's template names none.
  std::optional<uint32_t> endToken = std::nullopt;
  /// Instead of the file of the directory.
  std::optional<std::string> file = std::nullopt;
};

/// `token` in quotes, control characters escaped, at most 40 bytes of it; for
/// messages.
std::string quoteToken(llvm::StringRef token);

} // namespace tritc::import
