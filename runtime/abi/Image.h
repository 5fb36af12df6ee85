//===- Image.h - The data half of an executable ---------------------------===//
//
// The image holds everything of a model that is not code: facts, tokenizer
// tables, chat template, weights. It is position independent (offsets, no
// pointers), little-endian, streamed by the compiler and mapped read only by
// the executable. Every offset counts from the first byte of the image unless
// a comment says otherwise.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRITC_IMAGE_MAGIC 0x474d494354495254ull // "TRITCIMG"

typedef struct TritcSpan {
  uint64_t offset;
  uint64_t bytes;
} TritcSpan;

/// Sampling and length defaults, from generation_config.json where it says so.
typedef struct TritcGenerationDefaults {
  float temperature;   ///< 0 means greedy
  float topP;          ///< 1 means off
  float minP;          ///< 0 means off
  float repeatPenalty; ///< 1 means off
  uint32_t topK;       ///< 0 means off
  uint32_t reserved;
} TritcGenerationDefaults;

/// What stands between the contents of a conversation. With s a system message,
/// u a user's and a an answer it is
///   open [s afterSystem] u { toAnswer a toUser u }* prompt
typedef enum TritcChatPiece {
  TRITC_CHAT_OPEN,
  TRITC_CHAT_AFTER_SYSTEM,
  TRITC_CHAT_TO_ANSWER,       ///< behind the user's first message
  TRITC_CHAT_TO_ANSWER_LATER, ///< behind another one
  TRITC_CHAT_TO_USER,
  TRITC_CHAT_TO_LAST_USER, ///< in front of the last message
  TRITC_CHAT_PROMPT,       ///< behind the last message, if it is the only one
  TRITC_CHAT_PROMPT_LATER, ///< behind the last of several
  TRITC_CHAT_PIECES,
} TritcChatPiece;

/// What is stripped from a content: sets of characters, see ChatTemplate.h.
typedef struct TritcTrim {
  uint32_t leading;
  uint32_t trailing;
  /// 1: together with the piece in front of it. Where nothing of the content
  /// remains, the end of that piece is stripped, too.
  uint32_t reachesBack;
} TritcTrim;

typedef struct TritcChatTrims {
  TritcTrim system, firstUser, laterUser, answer;
  TritcTrim cutAnswer; ///< of an answer that `cutAfter` made shorter
} TritcChatTrims;

/// Conversations with, or those without, a system message.
typedef struct TritcChatTurns {
  TritcSpan pieces[TRITC_CHAT_PIECES]; ///< UTF-8, no terminator
  TritcChatTrims trims;
} TritcChatTurns;

/// Truth values: 0 or 1.
typedef struct TritcChatRules {
  uint32_t hasTemplate;  ///< 0: plain completion, all pieces are empty
  uint32_t isMissed;     ///< it has none, and nobody chose that
  uint32_t takesSystem;  ///< there can be a system message
  uint32_t systemIsLast; ///< it stands in front of the user's last message
  uint32_t emptyIsNone;  ///< an empty system message is as good as none
  uint32_t blankIsNone;  ///< and so is one of white space
  uint32_t addsBos;      ///< BOS in front, which the pieces do not spell
  uint32_t sparesLast;   ///< `cutAfter` is not for the last answer
} TritcChatRules;

/// A chat template reduced to what does not depend on what is said: pieces
/// between the contents, and how contents are stripped (ChatTemplate.h). The
/// whole is encoded as one text; tokens of the template are recognised in the
/// pieces only, never in what somebody wrote.
typedef struct TritcChatTemplate {
  TritcChatTurns turns[2]; ///< without, with a system message
  TritcSpan name;          ///< "bitnet", "llama3", "own", "none", ...
  /// Past answers lose all up to the last of these; empty for none.
  TritcSpan cutAfter;
  TritcChatRules rules;
} TritcChatTemplate;

/// How one token's state, or all of them, become a part of the text's vector.
typedef enum TritcPoolingMode {
  TRITC_POOL_FIRST,         ///< the first token's
  TRITC_POOL_MAX,           ///< the largest of each feature
  TRITC_POOL_MEAN,          ///< sum / count
  TRITC_POOL_MEAN_SQRT,     ///< sum / sqrt(count)
  TRITC_POOL_WEIGHTED_MEAN, ///< token i, from 1 on, counts i times
  TRITC_POOL_LAST,          ///< the last token's
} TritcPoolingMode;
#define TRITC_POOLING_MODES 6u

/// How a model that embeds makes one vector of a text: the parts that the modes
/// give, one behind the other, divided by their length together if they are to
/// be normalized. All zero: a model that writes text.
typedef struct TritcPooling {
  uint32_t modeCount;                  ///< up to TRITC_POOLING_MODES
  uint32_t modes[TRITC_POOLING_MODES]; ///< of TritcPoolingMode, all different
  uint32_t normalizes;                 ///< 1: vectors have length 1
} TritcPooling;

/// A text that a model that embeds wants in front of others, for one purpose.
typedef struct TritcPrompt {
  TritcSpan name; ///< "query"
  TritcSpan text; ///< "query: "
} TritcPrompt;

/// Whether the code itself normalizes, each token's row for itself: where a
/// vector is that of one token. Otherwise rows are states as they are, and who
/// pools them normalizes the result.
static inline int tritc_rows_are_unit(const TritcPooling *pooling) {
  return pooling->normalizes && pooling->modeCount == 1 &&
         (pooling->modes[0] == TRITC_POOL_FIRST ||
          pooling->modes[0] == TRITC_POOL_LAST);
}

/// What the model makes of fixed prompts, computed by the compiler with the
/// portable target. A prompt has a hash of each of layerCount + 2 stages, over
/// f32 values in order: the rows of the residual stream of all its tokens, as
/// embedded and after each layer, and the logits of its last token.
typedef struct TritcSelftest {
  uint32_t promptCount;
  uint32_t tokenCount; ///< of each prompt
  /// From the start of this structure: int32_t[promptCount][tokenCount].
  uint64_t tokens;
  /// Likewise: uint64_t[promptCount][layerCount + 2] of tritc_hash.
  uint64_t hashes;
} TritcSelftest;

/// FNV-1a, 64 bits, over little-endian f32: one number that two machines either
/// share or not.
#define TRITC_HASH_START 0xcbf29ce484222325ull
static inline uint64_t tritc_hash(uint64_t hash, const float *values,
                                  uint64_t count) {
  const unsigned char *bytes = (const unsigned char *)values;
  for (uint64_t i = 0; i < count * sizeof(float); ++i)
    hash = (hash ^ bytes[i]) * 0x100000001b3ull;
  return hash;
}

/// First bytes of the image.
typedef struct TritcImageHeader {
  uint64_t magic;
  uint32_t abiVersion;
  uint32_t headerBytes; ///< sizeof(TritcImageHeader)
  uint64_t imageBytes;  ///< of the whole image, header and trailer included
  uint64_t contentHash; ///< xxh3-64 of all bytes between header and trailer

  TritcSpan modelName;  ///< UTF-8
  TritcSpan tokenizer;  ///< tables of Tokenizer.h, 64-byte aligned
  TritcSpan stopTokens; ///< uint32_t ids, ascending
  TritcSpan weights;    ///< 4096-byte aligned
  TritcSpan selftest;   ///< a TritcSelftest, 8-byte aligned; empty for none
  /// Part of the weights: tiles of equal size, of embeddingTileRows rows each
  /// (the last may have fewer), [vocabSize] in all, of which a token reads the
  /// tile of its own row alone. Empty where the output head reads them all.
  TritcSpan embedding;

  uint32_t vocabSize;
  uint32_t hiddenSize;
  uint32_t ffnSize;
  uint32_t layerCount;
  uint32_t headCount;
  uint32_t kvHeadCount;
  uint32_t headDim;
  uint32_t contextSize; ///< as compiled; a run may use less
  uint32_t embeddingTileRows;
  uint32_t reserved;

  TritcGenerationDefaults generation;
  TritcChatTemplate chat;
  TritcPooling pooling;
  TritcSpan prompts;      ///< TritcPrompt[], 8-byte aligned
  uint32_t defaultPrompt; ///< which of them, from 1 on; 0: none
  uint32_t reservedToo;
} TritcImageHeader;

/// Last bytes of the image, and of the file as it was written: a copy that
/// broke off lacks them.
typedef struct TritcImageTrailer {
  uint64_t magic;       ///< TRITC_TRAILER_MAGIC
  uint64_t contentHash; ///< the header's
} TritcImageTrailer;

#define TRITC_TRAILER_MAGIC 0x444e454354495254ull // "TRITCEND"

/// Where an executable finds its image. The runtime defines one, named
/// `tritc_image_locator`, with magic set and the rest zero; the compiler
/// patches it after linking.
typedef struct TritcImageLocator {
  uint64_t magic;   ///< TRITC_LOCATOR_MAGIC, how the compiler finds it
  int64_t distance; ///< address of the image minus the address of this field's
                    ///< structure
  uint64_t bytes;   ///< TritcImageHeader::imageBytes
} TritcImageLocator;

#define TRITC_LOCATOR_MAGIC 0x434f4c4354495254ull // "TRITCLOC"

#ifdef __cplusplus
} // extern "C"
#endif
