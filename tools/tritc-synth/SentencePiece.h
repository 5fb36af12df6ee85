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
/// characters with falling scores, single characters with the lowest.
std::vector<Piece> buildPieces(uint64_t count);

/// Ids behind the pieces, with the names of 1bitLLM.
std::vector<std::string> addedNames();

/// The smallest vocabulary, added tokens included.
uint64_t smallestPieceVocab();

/// tokenizer.model, a protobuf.
std::string pieceModelText(const std::vector<Piece> &pieces);

/// tokenizer.json of the same tokenizer, as Hugging Face converts it: every
/// split of a piece into two is a merge.
std::string pieceTokenizerText(const std::vector<Piece> &pieces);

/// added_tokens.json.
std::string addedTokensText(const std::vector<Piece> &pieces);

} // namespace tritc::synth
