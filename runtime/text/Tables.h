//===- Tables.h - Looking things up in the tokenizer's tables -------------===//
//
// A typed view of the block of runtime/abi/Tokenizer.h. Every lookup is a few
// loads; nothing is prepared when the view is made.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/abi/Tokenizer.h"
#include "runtime/text/Slice.h"

#include <cstdint>
#include <string_view>

namespace tritc::text {

class Tables {
public:
  /// `block` outlives the view.
  explicit Tables(const void *block)
      : block(static_cast<const uint8_t *>(block)) {}

  const TritcTokenizerHeader &header() const {
    return *reinterpret_cast<const TritcTokenizerHeader *>(block);
  }
  bool hasFlag(uint32_t flag) const { return header().flags & flag; }

  /// Bytes of a token that exists.
  std::string_view bytesOf(int32_t id) const {
    const uint32_t *offsets = at<uint32_t>(header().tokenOffsets) + id;
    return {at<char>(header().tokenBytes) + offsets[0],
            offsets[1] - offsets[0]};
  }

  bool isSpecial(int32_t id) const {
    return at<uint8_t>(header().specialBits)[id / 8] >> (id % 8) & 1;
  }

  /// The token that is exactly `piece`, -1 if there is none.
  int32_t findPiece(std::string_view piece) const {
    uint32_t slots = header().pieceSlots;
    const int32_t *table = at<int32_t>(header().pieceTable);
    uint64_t hash = tritc_piece_hash(
        reinterpret_cast<const uint8_t *>(piece.data()), piece.size());
    uint32_t slot = tritc_token_slot(hash, slots);
    while (table[slot] >= 0 && bytesOf(table[slot]) != piece)
      slot = slot + 1 == slots ? 0 : slot + 1;
    return table[slot];
  }

  /// The merge of two adjacent tokens, nullptr if they do not merge.
  const TritcMerge *findMerge(int32_t left, int32_t right) const {
    uint32_t slots = header().mergeSlots;
    const TritcMerge *table = at<TritcMerge>(header().mergeTable);
    uint32_t slot = tritc_token_slot(tritc_merge_hash(left, right), slots);
    while (table[slot].merged >= 0) {
      if (table[slot].left == left && table[slot].right == right)
        return &table[slot];
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
    return nullptr;
  }

  /// TRITC_CLASS_* of a code point up to U+10FFFF.
  uint32_t classOf(uint32_t codePoint) const {
    uint32_t block = at<uint16_t>(header().classIndex)[codePoint >> 8];
    uint32_t inBlock = codePoint & 0xff;
    const uint8_t *classes =
        at<uint8_t>(header().classBlocks) + block * TRITC_CLASS_BLOCK_BYTES;
    return classes[inBlock / 4] >> (inBlock % 4 * 2) & 3u;
  }

  const TritcAddedToken *addedTokens() const {
    return at<TritcAddedToken>(header().addedTokens);
  }

private:
  template <typename T>
  const T *at(uint64_t offset) const {
    return reinterpret_cast<const T *>(block + offset);
  }

  const uint8_t *block;
};

} // namespace tritc::text
