//===- Synth.cpp - Writes a synthetic checkpoint --------------------------===//

#include "tools/tritc-synth/Synth.h"

#include "tools/tritc-synth/Config.h"
#include "tools/tritc-synth/Gguf.h"
#include "tools/tritc-synth/Interrupt.h"
#include "tools/tritc-synth/Output.h"
#include "tools/tritc-synth/Safetensors.h"
#include "tools/tritc-synth/SentencePiece.h"
#include "tools/tritc-synth/Tokenizer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Endian.h"

#include <atomic>
#include <mutex>
#include <thread>

namespace tritc::synth {

namespace {

/// A run of rows of one tensor, small enough for a buffer of its own.
struct Job {
  const Tensor *tensor;
  const OutputFile *file;
  uint64_t offset; ///< of the first row, in the file
  uint64_t firstRow;
  uint64_t rowCount;
  std::atomic<uint64_t> *magnitudes; ///< of the whole tensor
};

/// Works through a list of jobs on every processor; keeps the first error.
class Crew {
public:
  Crew(llvm::ArrayRef<Job> jobs, uint64_t seed) : jobs(jobs), seed(seed) {}

  llvm::Error run() {
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i)
      threads.emplace_back([this] { work(); });
    work();
    for (std::thread &thread : threads)
      thread.join();
    return std::move(failure);
  }

private:
  void work() {
    std::vector<uint8_t> buffer;
    while (!stopped) {
      uint64_t index = next++;
      if (index >= jobs.size())
        return;
      if (llvm::Error error =
              interrupted ? checkInterrupt() : fill(jobs[index], buffer)) {
        stopped = true;
        std::lock_guard lock(mutex);
        failure = llvm::joinErrors(std::move(failure), std::move(error));
      }
    }
  }

  llvm::Error fill(const Job &job, std::vector<uint8_t> &buffer) {
    buffer.resize(job.rowCount * job.tensor->rowBytes());
    TensorFiller filler(*job.tensor, seed);
    *job.magnitudes += filler.fill(job.firstRow, job.rowCount, buffer);
    return job.file->write(job.offset, buffer);
  }

  llvm::ArrayRef<Job> jobs;
  uint64_t seed;
  std::atomic<uint64_t> next = 0;
  std::atomic<bool> stopped = false;
  std::mutex mutex;
  llvm::Error failure = llvm::Error::success();
};

} // namespace

static void appendJobs(std::vector<Job> &jobs, const Tensor &tensor,
                       const OutputFile &file, uint64_t offset,
                       std::atomic<uint64_t> &magnitudes) {
  constexpr uint64_t jobBytes = 1 << 20;
  uint64_t rows = tensor.storedRows();
  uint64_t step = std::max<uint64_t>(1, jobBytes / tensor.rowBytes());
  for (uint64_t row = 0; row < rows; row += step)
    jobs.push_back({&tensor, &file, offset + row * tensor.rowBytes(), row,
                    std::min(step, rows - row), &magnitudes});
}

/// Scales come last: each is the mean of a matrix that had to be made first.
static llvm::Error
writeScales(const Request &request, llvm::ArrayRef<Tensor> tensors,
            llvm::ArrayRef<WeightFile> files,
            llvm::ArrayRef<OutputFile> outputs,
            llvm::ArrayRef<std::atomic<uint64_t>> magnitudes) {
  llvm::StringMap<uint64_t> matrices;
  for (auto [i, tensor] : llvm::enumerate(tensors))
    if (tensor.isPacked())
      matrices[tensor.name] = i;
  for (auto [file, output] : llvm::zip(files, outputs))
    for (const Placement &placement : file.tensors) {
      const Tensor &tensor = tensors[placement.tensor];
      if (tensor.kind != Tensor::Kind::Scale)
        continue;
      llvm::StringRef name = tensor.name;
      name.consume_back("_scale");
      uint64_t matrix = matrices.at(name);
      uint16_t scale =
          tensors[matrix].wasTernary
              ? TensorFiller(tensors[matrix], request.seed).reciprocalScale()
              : absmeanScale(magnitudes[matrix],
                             tensors[matrix].rows * tensors[matrix].columns);
      uint8_t bytes[2];
      llvm::support::endian::write16le(bytes, scale);
      if (llvm::Error error = output.write(placement.offset, bytes))
        return error;
    }
  return llvm::Error::success();
}

static llvm::Error writeWeights(const Request &request,
                                OutputDirectory &directory) {
  std::vector<Tensor> tensors = listTensors(request);
  std::vector<WeightFile> files = layOut(tensors, request.shards);
  std::vector<std::atomic<uint64_t>> magnitudes(tensors.size());
  std::vector<OutputFile> outputs;
  for (const WeightFile &file : files) {
    auto output = directory.createFile(file.name);
    if (!output)
      return output.takeError();
    outputs.push_back(std::move(*output));
    if (llvm::Error error = outputs.back().write(
            0, llvm::arrayRefFromStringRef<uint8_t>(file.head)))
      return error;
  }

  std::vector<Job> jobs;
  for (auto [file, output] : llvm::zip(files, outputs))
    for (const Placement &placement : file.tensors)
      if (tensors[placement.tensor].kind != Tensor::Kind::Scale)
        appendJobs(jobs, tensors[placement.tensor], output, placement.offset,
                   magnitudes[placement.tensor]);
  if (llvm::Error error = Crew(jobs, request.seed).run())
    return error;
  if (llvm::Error error =
          writeScales(request, tensors, files, outputs, magnitudes))
    return error;
  for (OutputFile &output : outputs)
    if (llvm::Error error = output.close())
      return error;
  if (files.size() == 1)
    return llvm::Error::success();
  return directory.writeText("model.safetensors.index.json",
                             shardIndex(tensors, files));
}

/// Names and texts of the small files.
static std::vector<std::pair<std::string, std::string>>
makeTexts(const Request &request) {
  uint64_t vocab = request.shape.vocab;
  std::vector<std::pair<std::string, std::string>> texts = {
      {"config.json", configText(request)},
      {"generation_config.json", generationConfigText(request)},
      {"special_tokens_map.json", specialTokensMapText(*request.family)}};
  TokenizerKind kind = request.family->tokenizer;
  if (isSentencePiece(kind)) {
    std::vector<Piece> pieces = buildPieces(vocab - addedNames().size(), kind);
    texts.emplace_back("added_tokens.json", addedTokensText(pieces));
    texts.emplace_back("tokenizer.json", pieceTokenizerText(pieces, kind));
    texts.emplace_back("tokenizer.model", pieceModelText(pieces, kind));
    texts.emplace_back("tokenizer_config.json",
                       pieceTokenizerConfigText(request.shape));
    return texts;
  }
  Vocabulary vocabulary = buildVocabulary(vocab);
  texts.emplace_back("tokenizer.json", tokenizerText(vocabulary, kind));
  texts.emplace_back("tokenizer_config.json",
                     tokenizerConfigText(request.shape, vocabulary));
  return texts;
}

llvm::Error writeCheckpoint(const Request &request) {
  auto directory = OutputDirectory::create(request.outputDirectory);
  if (!directory)
    return directory.takeError();
  if (request.format == Format::Gguf) {
    if (llvm::Error error = writeGguf(request, *directory))
      return error;
    return directory->commit();
  }
  for (const auto &[name, text] : makeTexts(request))
    if (llvm::Error error = directory->writeText(name, text))
      return error;
  if (llvm::Error error = writeWeights(request, *directory))
    return error;
  return directory->commit();
}

} // namespace tritc::synth
