//===- Tokenizer.h - Tables that a tokenizer is executed from -------------===//
//
// The compiler turns a tokenizer, whatever file it came from, into one block;
// the runtime only looks things up in it. The block is position independent
// (offsets from its first byte, no pointers), little-endian, 64-byte aligned,
// and mapped read only: starting costs nothing, whatever the size of the
// vocabulary.
//
// Both sides share the hash functions below, which are part of the format.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <stdint.h>

#define TRITC_TOKENIZER_MAGIC 0x4b4f544354495254ull // "TRITCTOK"
#define TRITC_TOKENIZER_VERSION 2u

/// Bits of TritcTokenizerHeader::flags.
#define TRITC_TOKENIZER_ADDS_BOS 1u ///< the template puts bosId in front
#define TRITC_TOKENIZER_WHOLE_PIECE                                            \
  2u ///< "ignore_merges": a piece that is a
     ///< token is not merged

#define TRITC_TOKENIZER_CHARACTERS                                             \
  4u ///< BPE starts from characters, from bytes only where a character is no
     ///< token; without it always from bytes
#define TRITC_TOKENIZER_SENTENCE_SPACE 8u ///< U+2581 in a text is a space
#define TRITC_TOKENIZER_ADDS_EOS 16u ///< the template puts eosId at the end

/// TritcTokenizerHeader::spacePrefix, where a space is put in front.
#define TRITC_SPACE_NOWHERE 0u
#define TRITC_SPACE_AT_START 1u   ///< of the text, if no added token is there
#define TRITC_SPACE_EVERYWHERE 2u ///< of each stretch without raw added tokens
/// Added to these: not where the stretch begins with a space already.
#define TRITC_SPACE_UNLESS_THERE 4u

/// TritcTokenizerHeader::splitRule, how text is cut into pieces before BPE.
#define TRITC_SPLIT_LLAMA3 0u
#define TRITC_SPLIT_GPT2 1u
#define TRITC_SPLIT_NONE 2u

/// Code point classes of the class table, two bits each.
#define TRITC_CLASS_OTHER 0u
#define TRITC_CLASS_LETTER 1u ///< \p{L}
#define TRITC_CLASS_NUMBER 2u ///< \p{N}
#define TRITC_CLASS_SPACE 3u  ///< White_Space

/// The class table: index[codePoint >> 8] names a block; the class of a code
/// point is two bits of that block, low bits first.
#define TRITC_CLASS_INDEX_COUNT 0x1100u
#define TRITC_CLASS_BLOCK_BYTES 64u

extern "C" {

/// Two adjacent tokens that may become one. An open-addressing slot; empty
/// when `merged` is negative.
struct TritcMerge {
  int32_t left;
  int32_t right;
  int32_t merged;
  uint32_t rank; ///< the lowest rank of a piece is merged first
};

/// Bits of TritcAddedToken::flags.
#define TRITC_ADDED_SPECIAL 1u     ///< matched only where specials are wanted
#define TRITC_ADDED_LEFT_STRIP 2u  ///< swallows white space before it
#define TRITC_ADDED_RIGHT_STRIP 4u ///< swallows white space after it

/// A token searched for in the text before the text is split. Its spelling is
/// the token's bytes.
struct TritcAddedToken {
  int32_t id;
  uint32_t flags;
};

struct TritcTokenizerHeader {
  uint64_t magic;
  uint32_t version;
  uint32_t headerBytes; ///< sizeof(TritcTokenizerHeader)
  uint64_t tableBytes;  ///< of the whole block, this header included

  uint32_t tokenCount; ///< ids are [0, tokenCount)
  int32_t bosId;       ///< -1 for none
  uint32_t flags;
  uint32_t splitRule;
  uint32_t unicodeVersion; ///< of the class table: major << 16 | minor << 8 | x
  uint32_t pieceSlots;     ///< 0 without WHOLE_PIECE and CHARACTERS
  uint32_t mergeSlots;
  /// Added tokens come in two runs, each sorted by bytes: the first is searched
  /// for in the whole text ("normalized": false), the second in what remains.
  uint32_t rawAddedCount;
  uint32_t addedCount; ///< both runs
  int32_t eosId;       ///< -1 for none
  uint32_t spacePrefix;
  uint32_t reserved;

  uint64_t tokenOffsets; ///< uint32_t[tokenCount + 1] into tokenBytes
  uint64_t tokenBytes;   ///< uint8_t[], each token's bytes
  uint64_t specialBits;  ///< uint8_t[(tokenCount + 7) / 8], low bit first
  uint64_t pieceTable;   ///< int32_t[pieceSlots], ids by bytes, -1 is empty
  uint64_t mergeTable;   ///< TritcMerge[mergeSlots]
  uint64_t addedTokens;  ///< TritcAddedToken[addedCount]
  uint64_t classIndex;   ///< uint16_t[TRITC_CLASS_INDEX_COUNT]
  uint64_t classBlocks;  ///< uint8_t[][TRITC_CLASS_BLOCK_BYTES]

  /// Bit b (low bit first) of a run: some token of it starts with byte b.
  uint8_t addedFirstBytes[2][32];
  /// The token of every single byte; with CHARACTERS these are no pieces.
  int32_t byteTokens[256];
};

} // extern "C"

/// First slot to look at for `hash` in an open-addressing table; the next ones
/// follow it, wrapping around.
static inline uint32_t tritc_token_slot(uint64_t hash, uint32_t slots) {
  return (uint32_t)(((hash >> 32) * slots) >> 32);
}

/// Finalizer of MurmurHash3: every input bit reaches the upper half, which
/// selects the slot.
static inline uint64_t tritc_token_mix(uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdull;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ull;
  return hash ^ (hash >> 33);
}

static inline uint64_t tritc_merge_hash(int32_t left, int32_t right) {
  return tritc_token_mix(((uint64_t)(uint32_t)left << 32) | (uint32_t)right);
}

/// FNV-1a over the bytes, then mixed.
static inline uint64_t tritc_piece_hash(const uint8_t *bytes, uint64_t count) {
  uint64_t hash = 0xcbf29ce484222325ull;
  for (uint64_t i = 0; i < count; ++i)
    hash = (hash ^ bytes[i]) * 0x100000001b3ull;
  return tritc_token_mix(hash);
}
