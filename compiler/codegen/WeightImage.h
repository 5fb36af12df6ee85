//===- WeightImage.h - The data half of an executable ---------------------===//
//
// Streams the image of runtime/abi/Image.h into a file: header, tables, strings
// and all parameters, packed on the way by several threads. No more than a few
// megabytes per thread are held, whatever the model's size, and the bytes do
// not depend on the number of threads.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/codegen/WeightPlan.h"
#include "compiler/codegen/WeightSource.h"
#include "compiler/import/template/ChatTemplate.h"
#include "runtime/abi/Image.h"

#include <functional>

namespace tritc::codegen {

/// Everything of an image that is not a parameter.
struct ImageContents {
  std::string modelName;
  std::vector<uint8_t> tokenizer;   ///< tables of runtime/abi/Tokenizer.h
  std::vector<uint32_t> stopTokens; ///< any order; duplicates are dropped
  uint32_t vocabSize, hiddenSize, ffnSize, layerCount, headCount, kvHeadCount,
      headDim, contextSize;
  TritcGenerationDefaults generation{};
  TritcPooling pooling{}; ///< of a model that embeds
  std::vector<std::pair<std::string, std::string>> prompts{}; ///< name, text
  uint32_t defaultPrompt = 0; ///< as in TritcImageHeader
  import::ChatTemplate chat;
  /// A TritcSelftest with what follows it; empty for none.
  std::vector<uint8_t> selftest{};
};

/// A report of work done: percent of the stage's bytes, and what is at hand.
using Progress = std::function<void(llvm::StringRef stage, unsigned percent,
                                    llvm::StringRef item)>;

/// Bytes of the image that `contents` and `plan` make.
uint64_t imageBytes(const ImageContents &contents, const WeightPlan &plan);

/// Writes the image to [offset, offset + imageBytes) of the open file `fd`,
/// which must be readable and writable and end at or before `offset`.
/// \param offset   multiple of the page size
/// \param threads  at least 1
/// \param progress may be empty; called by one thread at a time
/// Errors of the source pass through; a failed write is code 7 and names
/// `path`. What has been written by then stays: the caller drops the file.
llvm::Error writeImage(const ImageContents &contents, const WeightPlan &plan,
                       const WeightSource &source, int fd, uint64_t offset,
                       unsigned threads, llvm::StringRef path,
                       const Progress &progress);

/// writeImage in two steps, of which the second may come to know more contents.
/// The plan of the first may be longer than the image's: what lies behind the
/// image is the caller's to cut off.
llvm::Error writeWeights(const ImageContents &contents, const WeightPlan &plan,
                         const WeightSource &source, int fd, uint64_t offset,
                         unsigned threads, llvm::StringRef path,
                         const Progress &progress);
llvm::Error writeFront(const ImageContents &contents, const WeightPlan &plan,
                       int fd, uint64_t offset, llvm::StringRef path);

/// First byte of the weights in the image.
uint64_t weightsOffset(const ImageContents &contents, const WeightPlan &plan);

} // namespace tritc::codegen
