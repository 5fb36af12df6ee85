//===- Token.h - What one token of an answer costs ------------------------===//
#pragma once

#include "compiler/report/Report.h"

#include "llvm/ADT/StringRef.h"

namespace tritc::report {

/// A part of a token's time: the matrices of one name in all layers, or a
/// stream.
struct Part {
  std::string name, form;
  int64_t bytes;
  double seconds;
  bool isMeasured;
  bool isBoundByMemory;
};

/// A token at the beginning of a conversation, and at the end of the context.
struct Token {
  std::vector<Part> parts; ///< in the order in which they are read
  Part cache;              ///< keys and values of a full context
  int64_t bytes = 0;       ///< of `parts`
  double seconds = 0;      ///< of `parts`
  bool isMeasured = false; ///< every matrix's time is

  double perSecond() const { return seconds > 0 ? 1 / seconds : 0; }
  double perSecondAtTheEnd() const {
    double whole = seconds + cache.seconds;
    return whole > 0 ? 1 / whole : 0;
  }
};

/// What chose: measured where it was, predicted otherwise.
double decisive(const Candidate &each);

/// Adds up what `target` chose. Streams and the cache take what their bytes do
/// at the bandwidth that was measured, or else predicted. Waiting at barriers
/// and arithmetic beside the products is not counted.
Token tokenOf(const TargetReport &target);

/// Whether another program disturbed the measurement `time` of `candidate`: its
/// speed is less than a third of the median of the same kernel's, over at least
/// three matrices.
bool isDisturbed(const TargetReport &target, const Matrix &matrix,
                 const Candidate &candidate,
                 std::optional<double> Candidate::*time);

/// How many measurements of `target` are.
size_t countDisturbed(const TargetReport &target);

} // namespace tritc::report
