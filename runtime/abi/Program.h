//===- Program.h - What compiled code exports to the runtime --------------===//
//
// The contract between the object file that the compiler emits and the runtime
// that drives it. Plain C layout, no dependency on anything but <stdint.h>.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Incremented whenever a structure of runtime/abi changes its meaning.
#define TRITC_ABI_VERSION 11u

/// Tokens that the KV cache keeps together.
#define TRITC_KV_PAGE 64u

/// Pages of the KV cache that hold `tokens` tokens of a sequence.
static inline uint64_t tritc_kv_pages(uint64_t tokens) {
  return tokens / TRITC_KV_PAGE + (tokens % TRITC_KV_PAGE != 0);
}

/// One forward pass over `tokenCount` tokens of one or several sequences,
/// executed by every thread of the pool at once (single program, multiple
/// data). Each thread works on its static share and meets the others in
/// tritc_barrier. What a token gives depends on its sequence alone: not on what
/// else is in the pass, nor on how a sequence is cut into passes.
///
/// A place is the position of a token in its sequence, then the pages of the
/// cache in which the sequence lies: position p in page number p /
/// TRITC_KV_PAGE of them. Those behind the token's own are not read. Pages may
/// be shared by sequences that begin with the same tokens.
///
/// \param weights    weight section of the image, 4096-byte aligned, read only
/// \param scratch    TritcProgram::scratchBytes bytes, 64-byte aligned, shared
///                   by all threads; no content survives a call
/// \param kvCache    pages of kvCacheBytes / tritc_kv_pages(contextSize) bytes,
///                   64-byte aligned; the positions of a sequence before those
///                   of this pass must have been written by earlier passes
/// \param tokens     [tokenCount] ids, each in [0, vocabSize)
/// \param places     [tokenCount x (1 + tritc_kv_pages(contextSize))],
/// row-major
/// \param logits     [tokenCount x vocabSize] f32, row-major; only rows
///                   [firstLogit, tokenCount) are written; or vectors, see
///                   TritcProgram::vectorSize
/// \param trace      null, or [layerCount + 1 x rows x hiddenSize] f32, where
///                   rows is 1 for `decode` and maxTokens for `prefill`: gets
///                   the residual stream as embedded, then after each layer
/// \param tokenCount 1 for `decode`, 1..maxTokens for `prefill`
/// \param firstLogit first row whose logits are wanted; tokenCount for none
/// \param thread     index of the calling thread, [0, threadCount)
/// \param barrier    handed to tritc_barrier unchanged
typedef void (*TritcForward)(const uint8_t *weights, uint8_t *scratch,
                             uint8_t *kvCache, const int32_t *tokens,
                             const int32_t *places, float *logits, float *trace,
                             int64_t tokenCount, int64_t firstLogit,
                             int64_t thread, int64_t threadCount,
                             void *barrier);

/// Provided by the runtime, called by compiled code: returns in no thread
/// before all threads of the pool have called it, and orders their memory.
void tritc_barrier(void *barrier);

/// A kind of work of a forward pass.
typedef struct TritcWork {
  const char *name;     ///< "head", "rope", "barrier"
  uint64_t weightBytes; ///< that one pass reads for it, in all layers
} TritcWork;

/// Called, where the program's `mark` names one, by each thread with what it
/// did since its last call: an index into TritcProgram::work.
typedef void (*TritcMark)(int64_t thread, int64_t work);

/// The object file's only exported datum, named `tritc_program`; in a program
/// for several targets there is one of each, `tritc_program_<target>`.
typedef struct TritcProgram {
  uint32_t abiVersion; ///< TRITC_ABI_VERSION the compiler was built with
  uint32_t maxTokens;  ///< largest tokenCount `prefill` accepts
  /// Bit i is set when feature i of cpu_features.def is needed.
  uint64_t requiredFeatures;
  const char *targetName; ///< "x86_avx2"
  uint64_t scratchBytes;
  /// For one sequence as long as the compiled context, in whole pages; a token
  /// writes to its page alone.
  uint64_t kvCacheBytes;
  uint32_t contextSize; ///< tokens the KV cache and the RoPE tables cover
  uint32_t vocabSize;
  TritcForward decode;
  TritcForward prefill;
  uint64_t ternaryParameters; ///< weights that are -1, 0 or 1
  uint64_t ternaryBytes;      ///< as packed, read once per token
  uint64_t headBytes;         ///< output head, read once per token
  uint64_t bytesPerToken;     ///< all weight bytes one decoded token reads
  uint64_t headBits;     ///< 8 or 6: the head's rows as integers; 0: as stored
  const TritcWork *work; ///< [workCount]
  uint64_t workCount;
  TritcMark *mark; ///< a variable, null at first, or null for no marks
  /// Of a model that embeds: floats of a token's final state, which then takes
  /// the place of a row of logits; see tritc_rows_are_unit. 0: logits.
  uint64_t vectorSize;
} TritcProgram;

/// Floats that a program puts out per token: logits, or a vector.
static inline uint64_t tritc_row_size(const TritcProgram *program) {
  return program->vectorSize ? program->vectorSize : program->vocabSize;
}

/// Numbers of a place.
static inline uint64_t tritc_place_size(const TritcProgram *program) {
  return 1 + tritc_kv_pages(program->contextSize);
}

/// Writes the places of `count` neighbours, the first at `position`, of a
/// sequence that has the pages from 0 on.
static inline void tritc_place_alone(const TritcProgram *program,
                                     int32_t *places, uint64_t position,
                                     uint64_t count) {
  uint64_t size = tritc_place_size(program);
  for (uint64_t i = 0; i < count; ++i, places += size) {
    places[0] = (int32_t)(position + i);
    for (uint64_t page = 0; page + 1 < size; ++page)
      places[1 + page] = (int32_t)page;
  }
}

/// What an object file of --emit=obj exports.
extern const TritcProgram tritc_program;

// An executable has an array `const TritcProgram *const tritc_programs[]` of
// its programs, one per target, from the plainest to the most demanding, and a
// null at its end. All of them read the same weight section, each its own part.

#ifdef __cplusplus
} // extern "C"
#endif
