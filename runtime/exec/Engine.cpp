//===- Engine.cpp - Token ids in, logits out ------------------------------===//

#include "runtime/exec/Engine.h"
#include "runtime/exec/ImageCheck.h"
#include "runtime/exec/Memory.h"

#include <cstring>
#include <sys/resource.h>

using namespace tritc;
using namespace tritc::exec;

static uint32_t orAsCompiled(uint32_t wanted, uint32_t compiled) {
  return wanted == 0 ? compiled : std::min(wanted, compiled);
}

/// Whether reading a copy in huge pages saves more than making it costs.
static bool copyPays(const TritcImageHeader &image) {
  constexpr size_t largeCache = size_t{64} << 20;
  size_t bytes = image.weights.bytes - image.embedding.bytes;
  return bytes > largeCache && grantsHugePages() &&
         availableMemory() / 3 > bytes / 2 &&
         !liesInHugePages(bytesAt(image, image.weights), image.weights.bytes);
}

static base::Failure noMemory(const char *purpose, size_t bytes) {
  rlimit limit;
  bool isLimited =
      getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return base::fail(base::Internal, "no memory for %s: %zu MiB refused%s",
                    purpose, bytes >> 20, isLimited ? " (ulimit -v)" : "");
}

base::Failure Engine::start(const EngineOptions &options) {
  contextTokens = orAsCompiled(options.contextSize, program.contextSize);
  blockTokens = orAsCompiled(options.blockSize, program.maxTokens);
  pageCount = options.cachePages
                  ? options.cachePages
                  : static_cast<uint32_t>(tritc_kv_pages(program.contextSize));
  weights = bytesAt(image, image.weights);

  // The kernel commits pages as they are touched: a short conversation pays
  // for the part of the cache it fills.
  size_t scratchAt = arena.place(program.scratchBytes);
  size_t cacheBytes = 0;
  if (__builtin_mul_overflow(size_t{pageCount}, kvPageBytes(program),
                             &cacheBytes))
    return noMemory("context and results", SIZE_MAX);
  size_t kvCacheAt = arena.place(cacheBytes);
  size_t idsAt = arena.place(size_t{blockTokens} * sizeof(int32_t));
  size_t placesAt = arena.place(size_t{blockTokens} *
                                tritc_place_size(&program) * sizeof(int32_t));
  size_t logitsAt =
      arena.place(size_t{blockTokens} * rowSize() * sizeof(float));
  size_t traceAt = arena.place(
      options.trace ? sizeof(float) * program.maxTokens * image.hiddenSize *
                          (size_t{image.layerCount} + 1)
                    : 0);
  if (!arena.map())
    return noMemory("context and results", arena.size());
  scratch = arena.at(scratchAt);
  kvCache = arena.at(kvCacheAt);
  ids = reinterpret_cast<int32_t *>(arena.at(idsAt));
  places = reinterpret_cast<int32_t *>(arena.at(placesAt));
  logits = reinterpret_cast<float *>(arena.at(logitsAt));
  if (options.trace)
    trace = reinterpret_cast<float *>(arena.at(traceAt));

  uint32_t threadCount = options.threads ? options.threads : physicalCores();
  pool.start(std::min(threadCount, maxThreads));
  bool copies = options.weights == Weights::Copy ||
                (options.weights == Weights::Auto && copyPays(image));
  return copies ? copyWeights() : base::Failure();
}

/// Copies what every token reads. Rows of the embedding follow with their
/// tokens: copyRows.
base::Failure Engine::copyWeights() {
  size_t bytes = image.weights.bytes;
  if (!weightCopy.allocate(bytes))
    return noMemory("a copy of the weights", bytes);
  size_t tableAt =
      image.embedding.bytes ? image.embedding.offset - image.weights.offset : 0;
  size_t tableEnd = tableAt + image.embedding.bytes;
  weightCopy.useSmallPages(tableAt, image.embedding.bytes);
  auto copy = [&](size_t begin, size_t end) {
    if (begin < end)
      memcpy(weightCopy.data() + begin, weights + begin, end - begin);
  };
  // In 2 MiB pieces, so that each page is first touched by one thread.
  constexpr size_t pieceBytes = size_t{2} << 20;
  uint32_t threadCount = pool.size();
  pool.run([&](uint32_t thread) {
    for (size_t at = thread * pieceBytes; at < bytes;
         at += threadCount * pieceBytes) {
      size_t end = std::min(at + pieceBytes, bytes);
      copy(at, std::min(end, tableAt));
      copy(std::max(at, tableEnd), end);
    }
  });
  weights = weightCopy.data();
  return {};
}

void Engine::copyRows(std::span<const int32_t> tokens) {
  if (!weightCopy.size() || !image.embedding.bytes)
    return;
  size_t tileBytes = image.embedding.bytes / embeddingTiles(image);
  const uint8_t *from = bytesAt(image, image.embedding);
  uint8_t *to =
      weightCopy.data() + (image.embedding.offset - image.weights.offset);
  for (int32_t token : tokens) {
    size_t at =
        static_cast<size_t>(token) / image.embeddingTileRows * tileBytes;
    memcpy(to + at, from + at, tileBytes);
  }
}

void Engine::fillCache() {
  // As f16, and as bytes with their scales, small positive numbers.
  memset(kvCache, 0x11, pageCount * kvPageBytes(program));
}

std::span<uint8_t> Engine::cacheOf(size_t tokens) {
  size_t pageBytes = kvPageBytes(program);
  size_t used = tokens % TRITC_KV_PAGE;
  size_t planes = size_t{2} * image.layerCount * image.kvHeadCount;
  for (size_t plane = 0; used && plane < planes; ++plane) {
    size_t planeBytes = pageBytes / planes;
    size_t rowBytes = planeBytes / TRITC_KV_PAGE;
    memset(kvCache + tokens / TRITC_KV_PAGE * pageBytes + plane * planeBytes +
               used * rowBytes,
           0, (TRITC_KV_PAGE - used) * rowBytes);
  }
  return {kvCache, tritc_kv_pages(tokens) * pageBytes};
}

/// \returns false when interrupted
bool Engine::block(std::span<const int32_t> tokens, size_t position,
                   size_t firstLogit, const std::atomic<bool> *interrupted) {
  memcpy(ids, tokens.data(), tokens.size_bytes());
  tritc_place_alone(&program, places, position, tokens.size());
  return run(tokens.size(), firstLogit, interrupted);
}

/// Rows of tokens whose logits are wanted come last.
bool Engine::pass(std::span<const Piece> pieces,
                  const std::atomic<bool> *interrupted) {
  size_t total = 0, wanted = 0;
  for (const Piece &piece : pieces) {
    total += piece.tokens.size();
    wanted += piece.wanted;
  }
  firstWanted = total - wanted;
  size_t nextPlain = 0, nextWanted = firstWanted;
  for (const Piece &piece : pieces) {
    size_t plain = piece.tokens.size() - piece.wanted;
    for (size_t i = 0; i < piece.tokens.size(); ++i) {
      size_t row = i < plain ? nextPlain++ : nextWanted++;
      ids[row] = piece.tokens[i];
      int32_t *place = placeOf(row);
      place[0] = static_cast<int32_t>(piece.position + i);
      memcpy(place + 1, piece.pages.data(), piece.pages.size_bytes());
    }
  }
  return run(total, firstWanted, interrupted);
}

/// Runs what `ids` and `places` say.
bool Engine::run(size_t tokenCount, size_t firstLogit,
                 const std::atomic<bool> *interrupted) {
  copyRows({ids, tokenCount});
  bool isOne = tokenCount == 1;
  TritcForward forward = isOne ? program.decode : program.prefill;
  traceRows = isOne ? 1 : program.maxTokens;
  int64_t threadCount = pool.size();
  auto job = [&](uint32_t thread) {
    if (profiler)
      profiler->start(thread);
    forward(weights, scratch, kvCache, ids, places, logits, trace,
            static_cast<int64_t>(tokenCount), static_cast<int64_t>(firstLogit),
            thread, threadCount, pool.barrier());
  };
  return pool.run(job, interrupted);
}
