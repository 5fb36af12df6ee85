//===- Engine.h - Token ids in, logits out --------------------------------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/abi/Program.h"
#include "runtime/base/Failure.h"
#include "runtime/exec/Mapping.h"
#include "runtime/exec/Profile.h"
#include "runtime/exec/ThreadPool.h"

#include <algorithm>
#include <span>

namespace tritc::exec {

/// Where the weights are read from.
enum class Weights {
  Map,  ///< the executable's own mapping
  Copy, ///< a copy in huge pages
  Auto, ///< a copy where that pays, see Engine::start
};

/// Bytes of a page of the KV cache.
inline uint64_t kvPageBytes(const TritcProgram &program) {
  return program.kvCacheBytes / tritc_kv_pages(program.contextSize);
}

struct EngineOptions {
  uint32_t threads = 0;     ///< 0: physicalCores()
  uint32_t contextSize = 0; ///< 0: as compiled; never more than that
  uint32_t blockSize = 0;   ///< tokens per prefill call; 0: as compiled
  uint32_t cachePages = 0;  ///< of the KV cache; 0: those of one sequence
  Weights weights = Weights::Map;
  bool trace = false; ///< keep the residual stream of each block
};

/// Tokens of one sequence, as part of a pass.
struct Piece {
  std::span<const int32_t> tokens; ///< at least one
  size_t position = 0;             ///< of the first
  /// Of the KV cache: those that hold the sequence up to the last of `tokens`.
  std::span<const int32_t> pages;
  size_t wanted = 0; ///< of so many tokens, the last ones, logits are wanted
};

/// The compiled model with its memory and threads: scratch, logits, KV cache.
/// Knows nothing of text. Not thread safe; uses all threads by itself.
class Engine {
public:
  /// Both must have passed checkCpu and checkImage and outlive the engine.
  Engine(const TritcProgram &program, const TritcImageHeader &image)
      : program(program), image(image) {}

  /// Maps memory and starts threads. Sizes out of range are clamped.
  /// Weights::Auto copies weights that no cache holds, if there are huge pages,
  /// if half as much memory again stays free, and if the mapped weights do not
  /// lie in huge pages already.
  base::Failure start(const EngineOptions &options);

  uint32_t contextSize() const { return contextTokens; }
  uint32_t vocabSize() const { return program.vocabSize; }
  /// Floats per token: logits, or the vector of a model that embeds.
  size_t rowSize() const { return tritc_row_size(&program); }
  uint32_t blockSize() const { return blockTokens; }
  /// Pages of the KV cache. forward() has the first of them for its sequence.
  uint32_t cachePages() const { return pageCount; }
  std::span<uint8_t> cachePage(size_t page) {
    size_t bytes = kvPageBytes(program);
    return {kvCache + page * bytes, bytes};
  }
  ThreadPool &threads() { return pool; }
  /// Writes numbers without a meaning into the whole KV cache, so that its
  /// memory is really there.
  void fillCache();
  /// The bytes of the KV cache that hold the first `tokens` tokens: whole
  /// pages of TRITC_KV_PAGE, [page][layer][head][key, value][token][row].
  /// Zeroes what other tokens left in the last of them; so these bytes say
  /// nothing but the tokens, and of any engine with the same program are the
  /// same.
  std::span<uint8_t> cacheOf(size_t tokens);
  /// Collects into `collector` from now on; null ends that.
  void profile(Profile *collector) { profiler = collector; }

  /// Runs `tokens`, the first of them at `position`, block by block; a block of
  /// one token goes through `decode`. Rows [0, position) of the KV cache must
  /// come from earlier calls, later rows are overwritten. For each index in
  /// [firstLogit, tokens.size()), in order, calls
  ///   visit(size_t index, std::span<float> logits /*[rowSize()]*/)
  /// whose span lives until the next block.
  ///
  /// \param interrupted when not null, polled between blocks and, so that a
  ///        block of seconds ends within milliseconds, at each barrier; a block
  ///        that is interrupted counts as not run
  /// \returns how many tokens ran: all, unless interrupted
  /// \pre position + tokens.size() <= contextSize(), ids in [0, vocabSize)
  template <typename Visit>
  size_t forward(std::span<const int32_t> tokens, size_t position,
                 size_t firstLogit, const std::atomic<bool> *interrupted,
                 Visit &&visit) {
    size_t done = 0;
    while (done < tokens.size()) {
      if (interrupted && interrupted->load(std::memory_order_relaxed))
        break;
      size_t count = std::min<size_t>(blockTokens, tokens.size() - done);
      size_t firstRow = firstLogit > done ? firstLogit - done : 0;
      firstRow = std::min(firstRow, count);
      if (!block(tokens.subspan(done, count), position + done, firstRow,
                 interrupted))
        break;
      for (size_t row = firstRow; row < count; ++row)
        visit(done + row, logitRow(row));
      done += count;
    }
    return done;
  }

  /// Runs one pass over pieces of different sequences, up to blockSize() tokens
  /// together; a pass of one token goes through `decode`. What a sequence gets
  /// does not depend on the others. The positions before a piece must have been
  /// computed, in the pages that it names.
  /// \param interrupted as for forward()
  /// \returns false when interrupted: then nothing counts as run
  bool pass(std::span<const Piece> pieces,
            const std::atomic<bool> *interrupted);
  /// What the last pass gave for the token that was wanted as number `index`,
  /// in the order of the pieces: [rowSize()], until the next pass.
  std::span<float> wantedRow(size_t index) {
    return logitRow(firstWanted + index);
  }

  /// Token `row` of the last block as embedded (stage 0), or after layer
  /// stage - 1: [hiddenSize].
  /// \pre started with EngineOptions::trace
  std::span<const float> traceRow(uint32_t stage, size_t row) const {
    return {trace + (stage * traceRows + row) * image.hiddenSize,
            image.hiddenSize};
  }

private:
  bool block(std::span<const int32_t> tokens, size_t position,
             size_t firstLogit, const std::atomic<bool> *interrupted);
  bool run(size_t tokenCount, size_t firstLogit,
           const std::atomic<bool> *interrupted);
  int32_t *placeOf(size_t row) {
    return places + row * tritc_place_size(&program);
  }
  std::span<float> logitRow(size_t row) {
    return {logits + row * rowSize(), rowSize()};
  }
  base::Failure copyWeights();
  void copyRows(std::span<const int32_t> tokens);

  const TritcProgram &program;
  const TritcImageHeader &image;
  ThreadPool pool;
  Arena arena;
  Mapping weightCopy;
  const uint8_t *weights = nullptr;
  uint8_t *scratch = nullptr;
  uint8_t *kvCache = nullptr;
  int32_t *ids = nullptr;    ///< [blockTokens]
  int32_t *places = nullptr; ///< [blockTokens x tritc_place_size()]
  float *logits = nullptr;   ///< [blockTokens x rowSize()]
  float *trace = nullptr;    ///< [layerCount + 1 x traceRows x hiddenSize]
  size_t traceRows = 1;
  uint32_t contextTokens = 0;
  uint32_t blockTokens = 0;
  uint32_t pageCount = 0;
  size_t firstWanted = 0;
  Profile *profiler = nullptr;
};

} // namespace tritc::exec
