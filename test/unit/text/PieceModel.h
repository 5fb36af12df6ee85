//===- PieceModel.h - SentencePiece files for tests -----------------------===//
#pragma once

#include "compiler/import/tokenizer/TokenizerSentencePiece.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"

#include <bit>
#include <string>
#include <vector>

namespace tritc::test {

/// A field of a protobuf message.
inline std::string field(unsigned number, unsigned wire,
                         const std::string &content) {
  return char(number << 3 | wire) + content;
}

inline std::string varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7)
    out.push_back(char(value | 0x80));
  out.push_back(char(value));
  return out;
}

inline std::string bytesField(unsigned number, const std::string &content) {
  return field(number, 2, varint(content.size()) + content);
}

inline std::string pieceField(const import::SentencePiece &piece) {
  char score[4];
  llvm::support::endian::write32le(score, std::bit_cast<uint32_t>(piece.score));
  return bytesField(1, bytesField(1, piece.text) +
                           field(2, 5, std::string(score, 4)) +
                           field(3, 0, varint(piece.type)));
}

/// <unk>, <s>, </s>, the bytes, then `pieces`.
inline std::vector<import::SentencePiece>
withBytes(const std::vector<import::SentencePiece> &pieces) {
  std::vector<import::SentencePiece> all = {
      {"<unk>", 0, 2}, {"<s>", 0, 3}, {"</s>", 0, 3}};
  for (unsigned byte = 0; byte < 256; ++byte)
    all.push_back({llvm::formatv("<0x{0:X-2}>", byte), 0, 6});
  all.insert(all.end(), pieces.begin(), pieces.end());
  return all;
}

/// A tokenizer.model of BPE with byte fallback and a dummy prefix.
inline std::string
pieceModel(const std::vector<import::SentencePiece> &pieces,
           const std::string &trainer = field(3, 0, varint(2)),
           const std::string &normalizer = field(4, 0, varint(0))) {
  std::string out;
  for (const import::SentencePiece &piece : withBytes(pieces))
    out += pieceField(piece);
  return out + bytesField(2, trainer) + bytesField(3, normalizer);
}

} // namespace tritc::test
