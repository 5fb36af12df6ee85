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
#define TRITC_TOKENIZER_VERSION 5u

/// Bits of TritcTokenizerHeader::flags.
#define TRITC_TOKENIZER_ADDS_BOS 1u ///< the template puts bosId in front
#define TRITC_TOKENIZER_WHOLE_PIECE                                            \
  2u ///< "ignore_merges": a piece that is a
     ///< token is not merged

#define TRITC_TOKENIZER_CHARACTERS                                             \
  4u ///< BPE starts from characters, from bytes only where a character is no
     ///< token; without it always from bytes
#define TRITC_TOKENIZER_SENTENCE_SPACE 8u ///< U+2581 in a text is a space
#define TRITC_TOKENIZER_ADDS_EOS 16u    ///< the template puts eosId at the end
#define TRITC_TOKENIZER_NORMAL_FORM 32u ///< text is put into a normal form
#define TRITC_TOKENIZER_DECOMPOSED 64u  ///< that form is not composed again
#define TRITC_TOKENIZER_FUSES_UNKNOWN                                          \
  128u ///< neighbours without a token are one unknownId

/// TritcTokenizerHeader::spacePrefix, where a space is put in front.
#define TRITC_SPACE_NOWHERE 0u
#define TRITC_SPACE_AT_START 1u   ///< of the text, if no added token is there
#define TRITC_SPACE_EVERYWHERE 2u ///< of each stretch without raw added tokens
/// Added to these: not where the stretch begins with a space already.
#define TRITC_SPACE_UNLESS_THERE 4u

/// Every character is of a class, a byte below this. The table of classes:
/// index[codePoint >> 8] names a block, which has a byte per code point. A set
/// of characters is a bit for each class.
#define TRITC_CLASS_COUNT 64u
#define TRITC_CODE_POINT_BLOCKS 0x1100u
#define TRITC_CODE_POINT_BLOCK 256u

/// Text is cut into pieces before BPE, in at most this many stages.
#define TRITC_SPLIT_STAGES 8u

/// Bits of TritcSplitStage::flags.
#define TRITC_SPLIT_JOINED 1u ///< matches that touch are one piece
#define TRITC_SPLIT_BYTES 2u  ///< a character is a byte, of byteClasses

/// TritcSplitItem::most of an item that goes on as far as it can, and of one
/// that looks at the next character only.
#define TRITC_SPLIT_UNBOUNDED 0xffffffffu
#define TRITC_SPLIT_LOOK 0u

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
#define TRITC_ADDED_PROTECTED 1u   ///< matched only where a template speaks
#define TRITC_ADDED_LEFT_STRIP 2u  ///< swallows white space before it
#define TRITC_ADDED_RIGHT_STRIP 4u ///< swallows white space after it

/// A token searched for in the text before the text is split. What it is
/// searched by need not be what it stands for.
struct TritcAddedToken {
  int32_t id;
  uint32_t flags;
  uint32_t spelling; ///< into addedBytes
  uint32_t length;   ///< of the spelling
};

/// Cuts a piece at the matches of a regular expression: alternatives, the first
/// that matches is taken. What lies between matches is a piece as well.
struct TritcSplitStage {
  uint32_t firstAlternative;
  uint32_t alternativeCount;
  uint32_t flags;
  uint32_t reserved;
};

/// Items that follow one another; each run is as long as the ones behind it
/// allow, the first ones first. Behind them one of the choices, if there are
/// any: alternatives like this one, which stand behind this one.
struct TritcSplitAlternative {
  uint64_t first; ///< classes that a match begins with; 0: it may be empty
  uint32_t firstItem;
  uint32_t itemCount;
  uint32_t firstChoice;
  uint32_t choiceCount;
};

/// `least` to `most` characters of `set`. With TRITC_SPLIT_LOOK, whether the
/// next character is of `set` (`least` 1) or not (0, also at the end).
struct TritcSplitItem {
  uint64_t set;
  uint32_t least;
  uint32_t most;
};

/// What a normal form must know of a character. Entry 0 is that of most:
/// it decomposes into itself, and nothing before it changes it.
struct TritcNormalEntry {
  uint32_t firstCharacter; ///< into normalCharacters
  uint8_t length;          ///< characters it decomposes into; 0: itself
  uint8_t combiningClass;
  uint8_t isBoundary; ///< nothing before it, and not itself, changes it
  uint8_t reserved;
};

/// Two characters that are written as one.
struct TritcComposition {
  uint32_t first;
  uint32_t second;
  uint32_t composed;
};

struct TritcTokenizerHeader {
  uint64_t magic;
  uint32_t version;
  uint32_t headerBytes; ///< sizeof(TritcTokenizerHeader)
  uint64_t tableBytes;  ///< of the whole block, this header included

  uint32_t tokenCount; ///< ids are [0, tokenCount)
  int32_t bosId;       ///< -1 for none
  uint32_t flags;
  uint32_t splitStages;
  uint32_t unicodeVersion; ///< of the tables: major << 16 | minor << 8 | x
  uint32_t pieceSlots;     ///< 0 without WHOLE_PIECE and CHARACTERS
  uint32_t mergeSlots;
  /// Added tokens come in two runs, each sorted by bytes: the first is searched
  /// for in the whole text ("normalized": false), the second in what remains.
  uint32_t rawAddedCount;
  uint32_t addedCount; ///< both runs
  int32_t eosId;       ///< -1 for none
  uint32_t spacePrefix;
  uint32_t compositionCount;
  uint64_t spaceClasses; ///< of White_Space
  int32_t unknownId;     ///< of text without a token; -1: it vanishes
  uint32_t longestToken; ///< bytes of a text that one token can stand for

  uint64_t tokenOffsets;  ///< uint32_t[tokenCount + 1] into tokenBytes
  uint64_t tokenBytes;    ///< uint8_t[], each token's bytes
  uint64_t specialBits;   ///< uint8_t[(tokenCount + 7) / 8], low bit first
  uint64_t protectedBits; ///< the same; TRITC_ADDED_PROTECTED
  uint64_t pieceTable;    ///< int32_t[pieceSlots], ids by bytes, -1 is empty
  uint64_t mergeTable;    ///< TritcMerge[mergeSlots]
  uint64_t addedTokens;   ///< TritcAddedToken[addedCount]
  uint64_t addedBytes;    ///< uint8_t[], spellings
  uint64_t classIndex;    ///< uint16_t[TRITC_CODE_POINT_BLOCKS]
  uint64_t classBlocks;   ///< uint8_t[][TRITC_CODE_POINT_BLOCK]
  uint64_t stages;        ///< TritcSplitStage[splitStages]
  uint64_t alternatives;  ///< TritcSplitAlternative[]
  uint64_t items;         ///< TritcSplitItem[]

  /// With a normal form; the number of a character's entry is looked up like
  /// its class.
  uint64_t normalIndex;      ///< uint16_t[TRITC_CODE_POINT_BLOCKS]
  uint64_t normalBlocks;     ///< uint16_t[][TRITC_CODE_POINT_BLOCK]
  uint64_t normalEntries;    ///< TritcNormalEntry[]
  uint64_t normalCharacters; ///< uint32_t[]
  uint64_t compositions;     ///< TritcComposition[compositionCount], sorted

  /// Bit b (low bit first) of a run: some token of it starts with byte b.
  uint8_t addedFirstBytes[2][32];
  /// The token of every single byte, -1 for none; with CHARACTERS these are no
  /// pieces.
  int32_t byteTokens[256];
  /// The class of the character that stands for a byte in GPT-2's alphabet.
  uint8_t byteClasses[256];
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
