//===- Token.cpp - What one token of an answer costs ----------------------===//
#include "compiler/report/Token.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace tritc::report {

double decisive(const Candidate &each) {
  return each.decode ? *each.decode : each.predicted.value_or(0);
}

static double bandwidthOf(const TargetReport &target) {
  return target.measured ? target.measured->bytesPerSecond
                         : target.bytesPerSecond;
}

static Part partOf(const Matrix &matrix) {
  const Candidate &chosen = matrix.chosen();
  return {.name = matrix.name,
          .form = chosen.kernel,
          .bytes = chosen.bytes * matrix.layers,
          .seconds = decisive(chosen) * double(matrix.layers),
          .isMeasured = chosen.decode.has_value(),
          .isBoundByMemory = chosen.memorySeconds >= chosen.computeSeconds};
}

static Part partOf(const Stream &stream, double bytesPerSecond) {
  return {.name = stream.name,
          .form = stream.form,
          .bytes = stream.bytes,
          .seconds =
              bytesPerSecond > 0 ? double(stream.bytes) / bytesPerSecond : 0,
          .isMeasured = false,
          .isBoundByMemory = true};
}

Token tokenOf(const TargetReport &target) {
  double bytesPerSecond = bandwidthOf(target);
  Token token;
  for (const Matrix &matrix : target.matrices)
    token.parts.push_back(partOf(matrix));
  token.isMeasured =
      !token.parts.empty() &&
      all_of(token.parts, [](const Part &part) { return part.isMeasured; });
  for (const Stream &stream : target.streams)
    token.parts.push_back(partOf(stream, bytesPerSecond));
  token.cache = partOf(
      Stream{"keys and values",
             formatv("of {0:n} tokens, a full context", target.contextSize),
             target.cacheBytes},
      bytesPerSecond);
  for (const Part &part : token.parts) {
    token.bytes += part.bytes;
    token.seconds += part.seconds;
  }
  return token;
}

//===----------------------------------------------------------------------===//
// Disturbed measurements
//===----------------------------------------------------------------------===//

static double speedOf(const Matrix &matrix, double seconds) {
  return double(matrix.rows) * double(matrix.columns) / seconds;
}

bool isDisturbed(const TargetReport &target, const Matrix &matrix,
                 const Candidate &candidate,
                 std::optional<double> Candidate::*time) {
  constexpr size_t fewest = 3;
  constexpr double slow = 1.0 / 3;
  if (!(candidate.*time))
    return false;
  std::vector<double> speeds;
  for (const Matrix &each : target.matrices)
    for (const Candidate &other : each.candidates)
      if (other.kernel == candidate.kernel && other.*time)
        speeds.push_back(speedOf(each, *(other.*time)));
  if (speeds.size() < fewest)
    return false;
  sort(speeds);
  return speedOf(matrix, *(candidate.*time)) < speeds[speeds.size() / 2] * slow;
}

size_t countDisturbed(const TargetReport &target) {
  size_t count = 0;
  for (const Matrix &matrix : target.matrices)
    for (const Candidate &each : matrix.candidates)
      for (auto time : {&Candidate::decode, &Candidate::prefill})
        count += isDisturbed(target, matrix, each, time);
  return count;
}

} // namespace tritc::report
