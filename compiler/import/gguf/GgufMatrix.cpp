//===- GgufMatrix.cpp - A ternary matrix in an encoding of GGUF -----------===//

#include "compiler/import/gguf/GgufMatrix.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

namespace tritc::import {

GgufMatrix::GgufMatrix(const Source &source)
    : TernaryMatrix({source.layout.rows, source.layout.columns}),
      source(source),
      bytes(source.item.file->bytes().slice(source.item.tensor->begin,
                                            source.item.tensor->limit -
                                                source.item.tensor->begin)),
      places(source.encoding->scales(source.layout)) {}

llvm::Error GgufMatrix::wrong(const llvm::Twine &what) const {
  return makeError(ExitCode::Malformed, source.item.file->path() + ": " +
                                            source.item.tensor->name + ": " +
                                            what);
}

llvm::Expected<float> GgufMatrix::findScale() const {
  if (source.scale)
    return *source.scale;
  std::optional<float> found;
  for (uint64_t i = 0; i < places.count; ++i) {
    float value = readScale(bytes, places, i);
    auto differs = [&](const std::string &expected) {
      return wrong(llvm::formatv("scale {0}: expected {1}, found {2}", i,
                                 expected, value));
    };
    if (!std::isfinite(value))
      return differs("a finite number");
    // A block of nothing but zeros has no scale; a matrix does.
    if (value == 0 && places.count > 1)
      continue;
    if (value == 0)
      return differs("a number other than 0");
    if (found && value != *found)
      return differs(
          llvm::formatv("one scale for the whole matrix, {0}", *found));
    found = value;
  }
  return found.value_or(1.0f);
}

llvm::Expected<float> GgufMatrix::signedScale() {
  std::lock_guard<std::mutex> lock(mutex);
  if (known)
    return *known;
  llvm::Expected<float> found = findScale();
  if (!found)
    return found.takeError();
  float value = *found * source.factor;
  if (!std::isfinite(value) || value == 0)
    return wrong(llvm::formatv(
        "scale: expected a finite number other than 0, found {0}", value));
  known = value;
  return value;
}

llvm::Expected<float> GgufMatrix::scale() {
  llvm::Expected<float> value = signedScale();
  if (!value)
    return value.takeError();
  return std::fabs(*value);
}

/// Codes without a scale mean nothing: quantizers leave any code there.
void GgufMatrix::clearUnscaled(uint64_t row,
                               llvm::MutableArrayRef<int8_t> out) const {
  if (places.count == 1 || source.scale)
    return;
  uint64_t perScale = shape.rows * shape.columns / places.count;
  uint64_t first = row * shape.columns / perScale;
  for (uint64_t k = 0; k < out.size(); k += perScale)
    if (readScale(bytes, places, first + k / perScale) == 0)
      llvm::fill(out.slice(k, std::min(perScale, out.size() - k)), int8_t(0));
}

/// A scale may be negative; ours are not, so the weights change their sign.
llvm::Error GgufMatrix::rows(uint64_t first, uint64_t count,
                             llvm::MutableArrayRef<int8_t> out) {
  llvm::Expected<float> value = signedScale();
  if (!value)
    return value.takeError();
  for (uint64_t row = first; row < first + count; ++row) {
    auto to = out.slice((row - first) * shape.columns, shape.columns);
    uint64_t stored = rowInFile(row, source.headRows);
    source.encoding->decodeRow(bytes, source.layout, stored, to);
    clearUnscaled(stored, to);
    int8_t largest = 0;
    for (int8_t weight : to)
      largest = std::max(largest, weight);
    if (largest > 1)
      return wrong(llvm::formatv(
          "from byte {0}: row {1}, column {2}: expected a ternary code, found "
          "one that means nothing",
          source.item.tensor->begin, stored,
          llvm::find(to, int8_t(2)) - to.begin()));
    if (*value < 0)
      for (int8_t &weight : to)
        weight = int8_t(-weight);
  }
  return llvm::Error::success();
}

} // namespace tritc::import
