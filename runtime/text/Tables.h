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

  bool isSpecial(int32_t id) const { return bitOf(header().specialBits, id); }
  bool isProtected(int32_t id) const {
    return bitOf(header().protectedBits, id);
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

  /// The class of a code point up to U+10FFFF.
  uint32_t classOf(uint32_t codePoint) const {
    return lookUp<uint8_t>(header().classIndex, header().classBlocks,
                           codePoint);
  }

  bool isSpace(uint32_t codePoint) const {
    return header().spaceClasses >> classOf(codePoint) & 1;
  }

  const TritcSplitStage &stage(uint32_t number) const {
    return at<TritcSplitStage>(header().stages)[number];
  }
  const TritcSplitAlternative *alternatives() const {
    return at<TritcSplitAlternative>(header().alternatives);
  }
  const TritcSplitItem *items() const {
    return at<TritcSplitItem>(header().items);
  }

  /// Only where text is put into a normal form.
  const TritcNormalEntry &normalEntry(uint32_t codePoint) const {
    return at<TritcNormalEntry>(header().normalEntries)[lookUp<uint16_t>(
        header().normalIndex, header().normalBlocks, codePoint)];
  }
  const uint32_t *decomposition(const TritcNormalEntry &entry) const {
    return at<uint32_t>(header().normalCharacters) + entry.firstCharacter;
  }
  const TritcComposition *compositions() const {
    return at<TritcComposition>(header().compositions);
  }

  const TritcAddedToken *addedTokens() const {
    return at<TritcAddedToken>(header().addedTokens);
  }
  std::string_view spellingOf(const TritcAddedToken &token) const {
    return {at<char>(header().addedBytes) + token.spelling, token.length};
  }

private:
  bool bitOf(uint64_t bits, int32_t id) const {
    return at<uint8_t>(bits)[id / 8] >> (id % 8) & 1;
  }

  /// In a table of two stages.
  template <typename T>
  T lookUp(uint64_t index, uint64_t blocks, uint32_t codePoint) const {
    uint32_t block = at<uint16_t>(index)[codePoint / TRITC_CODE_POINT_BLOCK];
    return at<T>(blocks)[block * TRITC_CODE_POINT_BLOCK +
                         codePoint % TRITC_CODE_POINT_BLOCK];
  }

  template <typename T>
  const T *at(uint64_t offset) const {
    return reinterpret_cast<const T *>(block + offset);
  }

  const uint8_t *block;
};

} // namespace tritc::text
