//===- WeightImage.cpp - The data half of an executable -------------------===//
//
// The front of an image (header, strings, tables) is built in memory and
// written last, when the hash of the rest is known. The weights are cut into
// pieces of about a megabyte; threads take pieces in order, and what they make
// is written by large pages of the file.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/WeightImage.h"

#include "compiler/codegen/FileIO.h"
#include "compiler/codegen/PageWriter.h"
#include "compiler/codegen/WeightPieces.h"
#include "compiler/support/Error.h"
#include "dialects/lut/layouts/BlockedRows.h"
#include "runtime/abi/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/xxhash.h"

#include <atomic>
#include <cstring>
#include <mutex>

namespace tritc::codegen {

//===----------------------------------------------------------------------===//
// The front
//===----------------------------------------------------------------------===//

namespace {

/// The image up to its weights.
struct Front {
  TritcImageHeader header{};
  std::vector<uint8_t> bytes; ///< header included, once it is stored

  TritcSpan append(const void *data, size_t size, size_t alignment) {
    bytes.resize(llvm::alignTo(bytes.size(), alignment));
    TritcSpan span{bytes.size(), size};
    auto *first = static_cast<const uint8_t *>(data);
    bytes.insert(bytes.end(), first, first + size);
    return span;
  }
  TritcSpan append(llvm::StringRef text) {
    return append(text.data(), text.size(), 1);
  }
  void storeHeader() { std::memcpy(bytes.data(), &header, sizeof(header)); }
};

} // namespace

static void fillFacts(const ImageContents &contents, TritcImageHeader &header) {
  header.magic = TRITC_IMAGE_MAGIC;
  header.abiVersion = TRITC_ABI_VERSION;
  header.headerBytes = sizeof(TritcImageHeader);
  header.vocabSize = contents.vocabSize;
  header.hiddenSize = contents.hiddenSize;
  header.ffnSize = contents.ffnSize;
  header.layerCount = contents.layerCount;
  header.headCount = contents.headCount;
  header.kvHeadCount = contents.kvHeadCount;
  header.headDim = contents.headDim;
  header.contextSize = contents.contextSize;
  header.generation = contents.generation;
  header.pooling = contents.pooling;
  header.chat.rules = contents.chat.rules;
}

static uint64_t trailerOffset(const TritcImageHeader &header) {
  return llvm::alignTo(header.weights.offset + header.weights.bytes,
                       alignof(TritcImageTrailer));
}

static Front buildFront(const ImageContents &contents, const WeightPlan &plan) {
  Front front;
  TritcImageHeader &header = front.header;
  front.bytes.resize(sizeof(header));
  fillFacts(contents, header);

  header.modelName = front.append(contents.modelName);
  header.chat.name = front.append(contents.chat.name);
  header.chat.cutAfter = front.append(contents.chat.cutAfter);
  for (auto [turns, from] :
       llvm::zip_equal(header.chat.turns, contents.chat.turns)) {
    for (auto [piece, text] : llvm::zip_equal(turns.pieces, from.pieces))
      piece = front.append(text);
    turns.trims = from.trims;
  }
  std::vector<TritcPrompt> prompts;
  for (const auto &[name, text] : contents.prompts)
    prompts.push_back({front.append(name), front.append(text)});
  header.prompts =
      front.append(prompts.data(), prompts.size() * sizeof(TritcPrompt), 8);
  header.defaultPrompt = contents.defaultPrompt;
  std::vector<uint32_t> stops = contents.stopTokens;
  llvm::sort(stops);
  stops.erase(llvm::unique(stops), stops.end());
  header.stopTokens = front.append(stops.data(), stops.size() * 4, 4);
  header.tokenizer =
      front.append(contents.tokenizer.data(), contents.tokenizer.size(), 64);

  if (!contents.selftest.empty())
    header.selftest =
        front.append(contents.selftest.data(), contents.selftest.size(), 8);

  front.bytes.resize(llvm::alignTo(front.bytes.size(), 4096));
  header.weights = {front.bytes.size(), uint64_t(plan.bytes)};
  header.embeddingTileRows = 1;
  if (const WeightEntry *table = embeddingAlone(plan)) {
    header.embedding = {header.weights.offset + uint64_t(table->offset),
                        uint64_t(table->bytes())};
    if (table->kind == WeightEntry::Kind::Blocked)
      header.embeddingTileRows = lut::blockedTileRows;
  }
  header.imageBytes =
      trailerOffset(header) + uint64_t(sizeof(TritcImageTrailer));
  return front;
}

uint64_t weightsOffset(const ImageContents &contents, const WeightPlan &plan) {
  return buildFront(contents, plan).header.weights.offset;
}

uint64_t imageBytes(const ImageContents &contents, const WeightPlan &plan) {
  return buildFront(contents, plan).header.imageBytes;
}

//===----------------------------------------------------------------------===//
// The weights
//===----------------------------------------------------------------------===//

namespace {

/// What the threads share. Pieces are claimed in order, and a claimed piece is
/// always finished: the failure of the lowest piece is therefore the same in
/// every run, whatever the number of threads.
class PieceQueue {
public:
  PieceQueue(llvm::ArrayRef<WeightPiece> pieces, uint64_t totalBytes,
             const Progress &progress)
      : pieces(pieces), totalBytes(totalBytes), progress(progress) {}

  /// The next piece; null when all are taken or one has failed.
  const WeightPiece *claim() {
    if (failed.load(std::memory_order_relaxed))
      return nullptr;
    size_t index = next.fetch_add(1, std::memory_order_relaxed);
    return index < pieces.size() ? &pieces[index] : nullptr;
  }

  void finish(const WeightPiece &piece) {
    if (!progress)
      return;
    std::lock_guard lock(mutex);
    doneBytes += piece.bytes;
    unsigned percent =
        totalBytes ? unsigned(doneBytes * 100 / totalBytes) : 100;
    if (percent == lastPercent)
      return;
    lastPercent = percent;
    progress("weights", percent, piece.entry->symbol);
  }

  void fail(const WeightPiece &piece, llvm::Error error) {
    failed.store(true, std::memory_order_relaxed);
    std::lock_guard lock(mutex);
    if (!firstFailure || &piece < firstFailure) {
      llvm::consumeError(std::move(firstError));
      firstError = std::move(error);
      firstFailure = &piece;
      return;
    }
    llvm::consumeError(std::move(error));
  }

  llvm::Error takeError() { return std::move(firstError); }

private:
  llvm::ArrayRef<WeightPiece> pieces;
  uint64_t totalBytes;
  const Progress &progress;
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  uint64_t doneBytes = 0;
  unsigned lastPercent = ~0u;
  const WeightPiece *firstFailure = nullptr;
  llvm::Error firstError = llvm::Error::success();
};

} // namespace

/// The pieces of the plan, to `offset` and on.
static llvm::Error writePieces(const WeightPlan &plan,
                               const WeightSource &source, int fd,
                               uint64_t offset, unsigned threads,
                               llvm::StringRef path, const Progress &progress) {
  std::vector<WeightPiece> pieces = cutIntoPieces(plan);
  std::vector<PageWriter::Part> parts;
  uint64_t total = 0;
  for (const WeightPiece &piece : pieces) {
    parts.push_back({piece.offset, piece.bytes});
    total += piece.bytes;
  }
  PageWriter file(fd, offset, uint64_t(plan.bytes), parts, path);
  PieceQueue queue(pieces, total, progress);
  auto work = [&] {
    PieceWriter writer(source);
    while (const WeightPiece *piece = queue.claim()) {
      llvm::Expected<llvm::ArrayRef<uint8_t>> bytes = writer.produce(*piece);
      llvm::Error error =
          bytes ? file.add(piece->offset, *bytes) : bytes.takeError();
      if (error)
        queue.fail(*piece, std::move(error));
      else
        queue.finish(*piece);
    }
  };
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(threads));
  for (unsigned thread = 0; thread < threads; ++thread)
    pool.async(work);
  pool.wait();
  return queue.takeError();
}

/// xxh3-64 of the file's bytes [offset, offset + bytes). LLVM's hash wants all
/// of them at once: the file is mapped, which costs address space only.
static llvm::Expected<uint64_t> hashFile(int fd, uint64_t offset,
                                         uint64_t bytes, llvm::StringRef path) {
  uint64_t start = llvm::alignDown(offset, 65536);
  std::error_code error;
  llvm::sys::fs::mapped_file_region region(
      llvm::sys::fs::convertFDToNativeFile(fd),
      llvm::sys::fs::mapped_file_region::readonly, bytes + (offset - start),
      start, error);
  if (error)
    return makeError(
        ExitCode::Output,
        llvm::formatv("cannot read back '{0}': {1}", path, error.message()));
  return llvm::xxh3_64bits(llvm::ArrayRef(
      reinterpret_cast<const uint8_t *>(region.const_data()) + (offset - start),
      bytes));
}

llvm::Error writeWeights(const ImageContents &contents, const WeightPlan &plan,
                         const WeightSource &source, int fd, uint64_t offset,
                         unsigned threads, llvm::StringRef path,
                         const Progress &progress) {
  TritcImageHeader header = buildFront(contents, plan).header;
  if (llvm::Error error = reserve(fd, offset, header.imageBytes, path))
    return error;
  // The last byte, so that the file has its size even if a hole ends it.
  if (llvm::Error error =
          writeAt(fd, offset + header.imageBytes - 1, {uint8_t(0)}, path))
    return error;
  return writePieces(plan, source, fd, offset + header.weights.offset, threads,
                     path, progress);
}

llvm::Error writeFront(const ImageContents &contents, const WeightPlan &plan,
                       int fd, uint64_t offset, llvm::StringRef path) {
  Front front = buildFront(contents, plan);
  TritcImageHeader &header = front.header;
  if (llvm::Error error = writeAt(fd, offset, front.bytes, path))
    return error;
  uint64_t end = trailerOffset(header);
  llvm::Expected<uint64_t> hash =
      hashFile(fd, offset + sizeof(header), end - sizeof(header), path);
  if (!hash)
    return hash.takeError();
  header.contentHash = *hash;
  front.storeHeader();
  TritcImageTrailer trailer{TRITC_TRAILER_MAGIC, *hash};
  if (llvm::Error error =
          writeAt(fd, offset + end,
                  llvm::ArrayRef(reinterpret_cast<const uint8_t *>(&trailer),
                                 sizeof(trailer)),
                  path))
    return error;
  return writeAt(fd, offset,
                 llvm::ArrayRef(front.bytes).take_front(sizeof(header)), path);
}

llvm::Error writeImage(const ImageContents &contents, const WeightPlan &plan,
                       const WeightSource &source, int fd, uint64_t offset,
                       unsigned threads, llvm::StringRef path,
                       const Progress &progress) {
  if (llvm::Error error = writeWeights(contents, plan, source, fd, offset,
                                       threads, path, progress))
    return error;
  return writeFront(contents, plan, fd, offset, path);
}

} // namespace tritc::codegen
