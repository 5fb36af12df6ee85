//===- Report.h - Which kernel each matrix got, and why -------------------===//
#pragma once

#include "llvm/ADT/STLExtras.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tritc::report {

/// A kernel that a matrix might have got.
struct Candidate {
  std::string kernel; ///< "trit_bytes.80"
  double bitsPerWeight;
  int64_t bytes;         ///< of one layer's matrix
  double computeSeconds; ///< predicted: what the busiest core computes
  double memorySeconds;  ///< predicted: what its bytes take to read
  /// The larger of both. Nothing where the matrix is too wide for the kernel.
  std::optional<double> predicted;
  std::optional<double> decode;  ///< measured seconds of one token
  std::optional<double> prefill; ///< ditto, of one token of a block
  bool isChosen = false;
};

/// The same matrix in all layers.
struct Matrix {
  std::string name;
  int64_t rows, columns, layers;
  std::vector<Candidate> candidates;

  const Candidate &chosen() const {
    return *llvm::find_if(candidates,
                          [](const Candidate &each) { return each.isChosen; });
  }
};

/// What was measured of this machine.
struct Measured {
  std::string cpu;
  unsigned threads;
  double bytesPerSecond, dotsPerSecond;
};

/// Weights that are no ternary matrix; reading them takes what their bytes do.
struct Stream {
  std::string name; ///< "output head"
  std::string form; ///< "8-bit rows"
  int64_t bytes;    ///< that one token reads
};

/// One target's choices.
struct TargetReport {
  std::string target;
  int64_t cores = 0, mhz = 0;
  int64_t blockTokens = 0;   ///< of a call of prefill
  double bytesPerSecond = 0; ///< predicted
  std::optional<Measured> measured = std::nullopt;
  std::vector<Matrix> matrices{};
  std::vector<Stream> streams{};
  int64_t contextSize = 0;  ///< tokens
  int64_t cacheBytes = 0;   ///< keys and values of a full context; 0: unknown
  int64_t scratchBytes = 0; ///< working memory; 0: unknown
};

/// A file that was made.
struct Output {
  std::string path;
  int64_t bytes;
};

struct Report {
  std::string model;
  std::string compiler;    ///< name and versions
  std::string command;     ///< that made it, as a shell takes it
  int64_t weightBytes = 0; ///< of all targets
  std::optional<Output> output = std::nullopt;
  std::vector<TargetReport> targets{};
};

} // namespace tritc::report
