//===- SentencePiece.h - Files of a synthetic SentencePiece model ---------===//
#pragma once

#include "tools/tritc-synth/Shape.h"

#include <string>
#include <vector>

namespace tritc::synth {

/// A piece as it is written: spaces are U+2581.
struct Piece {
  std::string text;
  float score;
  uint32_t type; ///< of sentencepiece_model.proto: 1 normal, 2 unknown, ...
};

/// Ids as Llama 2 has them: <unk>, <s>, </s>, the 256 bytes, pieces of several
/// characters with falling scores, single characters with the lowest. Gemma
/// has runs of spaces and of lines.
std::vector<Piece> buildPieces(uint64_t count, TokenizerKind kind);

/// Ids behind the pieces, with the names of 1bitLLM.
std::vector<std::string> addedNames();

/// The smallest vocabulary, added tokens included.
uint64_t smallestPieceVocab();

/// tokenizer.model, a protobuf.
std::string pieceModelText(const std::vector<Piece> &pieces,
                           TokenizerKind kind);

/// tokenizer.json of the same tokenizer, as Hugging Face converts it: every
/// split of a piece into two is a merge. Gemma's finds runs of spaces and lines
/// before it merges.
std::string pieceTokenizerText(const std::vector<Piece> &pieces,
                               TokenizerKind kind);

/// added_tokens.json.
std::string addedTokensText(const std::vector<Piece> &pieces);

} // namespace tritc::synth
