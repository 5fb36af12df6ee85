//===- Selftest.cpp - What a program must compute, computed here ----------===//

#include "compiler/codegen/Selftest.h"

#include "compiler/codegen/AnonymousMemory.h"
#include "compiler/codegen/FileIO.h"
#include "compiler/codegen/LoadedObject.h"
#include "compiler/support/Error.h"
#include "runtime/abi/Program.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <barrier>
#include <cstring>
#include <thread>

namespace tritc::codegen {

//===----------------------------------------------------------------------===//
// The section
//===----------------------------------------------------------------------===//

/// SplitMix64 (Steele, Lea, Flood 2014): well spread numbers from a count.
static uint64_t spread(uint64_t count) {
  uint64_t x = (count + 1) * 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

std::vector<uint8_t> emptySelftest(const ImageContents &contents,
                                   SelftestSize size) {
  TritcSelftest header{};
  header.promptCount = size.prompts;
  header.tokenCount = std::min(size.tokens, contents.contextSize);
  uint64_t tokenCount = uint64_t(header.promptCount) * header.tokenCount;
  header.tokens = sizeof(header);
  header.hashes =
      llvm::alignTo(header.tokens + tokenCount * sizeof(int32_t), 8);
  uint64_t hashCount = header.promptCount * (uint64_t(contents.layerCount) + 2);
  std::vector<uint8_t> bytes(header.hashes + hashCount * sizeof(uint64_t));
  std::memcpy(bytes.data(), &header, sizeof(header));
  for (uint64_t i = 0; i < tokenCount; ++i) {
    int32_t token = int32_t(spread(i) % contents.vocabSize);
    std::memcpy(bytes.data() + header.tokens + i * sizeof(token), &token,
                sizeof(token));
  }
  return bytes;
}

//===----------------------------------------------------------------------===//
// Running the reference
//===----------------------------------------------------------------------===//

namespace {

/// The reference with all it works on.
class Reference {
public:
  Reference(const TritcProgram &program, const ImageContents &contents,
            const uint8_t *weights, unsigned threads)
      : program(program), stageCount(contents.layerCount + 2),
        hiddenSize(contents.hiddenSize), weights(weights), threads(threads),
        scratch(program.scratchBytes), cache(program.kvCacheBytes),
        logits(uint64_t(program.maxTokens) * tritc_row_size(&program) *
               sizeof(float)),
        trace(uint64_t(stageCount - 1) * program.maxTokens * hiddenSize *
              sizeof(float)),
        places(program.maxTokens * tritc_place_size(&program)) {}

  bool hasMemory() const {
    return scratch.isThere() && cache.isThere() && logits.isThere() &&
           trace.isThere();
  }

  /// Computes hashes of all stages of a prompt.
  void hash(llvm::ArrayRef<int32_t> tokens,
            llvm::MutableArrayRef<uint64_t> hashes) {
    llvm::fill(hashes, TRITC_HASH_START);
    for (size_t at = 0; at < tokens.size(); at += program.maxTokens) {
      size_t count = std::min<size_t>(program.maxTokens, tokens.size() - at);
      block(tokens.slice(at, count), at);
      size_t rows = count == 1 ? 1 : program.maxTokens;
      for (uint32_t stage = 0; stage + 1 < stageCount; ++stage)
        for (size_t row = 0; row < count; ++row)
          hashes[stage] =
              tritc_hash(hashes[stage],
                         trace.as<float>() + (stage * rows + row) * hiddenSize,
                         hiddenSize);
      if (at + count == tokens.size())
        hashes.back() = tritc_hash(hashes.back(),
                                   logits.as<float>() +
                                       (count - 1) * tritc_row_size(&program),
                                   tritc_row_size(&program));
    }
  }

private:
  /// One call, on all threads.
  void block(llvm::ArrayRef<int32_t> tokens, size_t position) {
    std::barrier<> barrier(threads);
    tritc_place_alone(&program, places.data(), position, tokens.size());
    auto run = [&](unsigned thread) {
      auto forward = tokens.size() == 1 ? program.decode : program.prefill;
      forward(weights, scratch.as<uint8_t>(), cache.as<uint8_t>(),
              tokens.data(), places.data(), logits.as<float>(),
              trace.as<float>(), int64_t(tokens.size()),
              int64_t(tokens.size()) - 1, thread, threads, &barrier);
    };
    std::vector<std::thread> others;
    for (unsigned thread = 1; thread < threads; ++thread)
      others.emplace_back(run, thread);
    run(0);
    for (std::thread &other : others)
      other.join();
  }

  const TritcProgram &program;
  uint32_t stageCount, hiddenSize;
  const uint8_t *weights;
  unsigned threads;
  AnonymousMemory scratch, cache, logits, trace;
  std::vector<int32_t> places;
};

} // namespace

static void meet(void *barrier) {
  static_cast<std::barrier<> *>(barrier)->arrive_and_wait();
}

static llvm::Error cannotRun(llvm::Error error) {
  return makeError(ExitCode::CodeGeneration,
                   "cannot compute the selftest in process: " +
                       llvm::toString(std::move(error)));
}

/// Fills in the hashes of `contents.selftest`.
static llvm::Error fillHashes(ImageContents &contents,
                              const ReferenceCode &code, const uint8_t *weights,
                              unsigned threads, const Progress &progress) {
  llvm::Expected<LoadedObject> loaded =
      LoadedObject::load(code.object, &meet, code.library);
  if (!loaded)
    return cannotRun(loaded.takeError());
  Reference reference(loaded->program(), contents, weights, threads);
  if (!reference.hasMemory())
    return makeError(ExitCode::Internal, "no memory for the selftest");

  TritcSelftest header;
  uint8_t *section = contents.selftest.data();
  std::memcpy(&header, section, sizeof(header));
  std::vector<int32_t> tokens(header.tokenCount);
  std::vector<uint64_t> hashes(contents.layerCount + 2);
  for (uint32_t prompt = 0; prompt < header.promptCount; ++prompt) {
    if (progress)
      progress("selftest", prompt * 100 / header.promptCount, "");
    size_t tokenBytes = tokens.size() * sizeof(int32_t);
    size_t hashBytes = hashes.size() * sizeof(uint64_t);
    std::memcpy(tokens.data(), section + header.tokens + prompt * tokenBytes,
                tokenBytes);
    reference.hash(tokens, hashes);
    std::memcpy(section + header.hashes + prompt * hashBytes, hashes.data(),
                hashBytes);
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// The image
//===----------------------------------------------------------------------===//

llvm::Error writeTestedImage(ImageContents contents, const WeightPlan &plan,
                             const std::optional<ReferenceCode> &reference,
                             const WeightSource &source, int fd,
                             uint64_t offset, unsigned threads,
                             llvm::StringRef path, const Progress &progress) {
  if (!reference)
    return writeImage(contents, plan, source, fd, offset, threads, path,
                      progress);
  if (llvm::Error error = writeWeights(contents, reference->weights, source, fd,
                                       offset, threads, path, progress))
    return error;
  {
    std::error_code error;
    llvm::sys::fs::mapped_file_region region(
        llvm::sys::fs::convertFDToNativeFile(fd),
        llvm::sys::fs::mapped_file_region::readonly,
        imageBytes(contents, reference->weights), offset, error);
    if (error)
      return makeError(
          ExitCode::Output,
          llvm::formatv("cannot read back '{0}': {1}", path, error.message()));
    auto *weights = reinterpret_cast<const uint8_t *>(region.const_data()) +
                    weightsOffset(contents, plan);
    if (llvm::Error failed =
            fillHashes(contents, *reference, weights, threads, progress))
      return failed;
  }
  if (llvm::Error error =
          truncate(fd, offset + imageBytes(contents, plan), path))
    return error;
  return writeFront(contents, plan, fd, offset, path);
}

} // namespace tritc::codegen
