//===- TernaryMatrix.cpp - A ternary matrix, however a file stores it -----===//

#include "compiler/import/model/TernaryMatrix.h"

#include "compiler/import/model/ModelTensors.h"
#include "compiler/support/Error.h"
#include "compiler/support/Json.h"

#include <cmath>

namespace tritc::import {

//===----------------------------------------------------------------------===//
// Packed weights
//===----------------------------------------------------------------------===//

llvm::Expected<float> PackedMatrix::scale() {
  float stored = 0;
  widen(factor.dtype, factor.bytes.data(), stored);
  float value = divides ? 1.0f / stored : stored;
  if (!std::isfinite(stored) || !std::isfinite(value) || !(value > 0))
    return makeError(ExitCode::Malformed,
                     factor.file + ": " + factor.name + ": byte " +
                         llvm::Twine(factor.fileOffset) +
                         ": expected a positive finite number, found " +
                         describe(llvm::json::Value(double(stored))));
  return value;
}

/// Row `row` holds a code 3: says where.
llvm::Error PackedMatrix::badCode(uint64_t row) const {
  uint64_t packed = packedRows(shape.rows);
  uint64_t first = row % packed * shape.columns;
  unsigned shift = 2 * unsigned(row / packed);
  uint64_t column = 0;
  while ((weight.bytes[first + column] >> shift & 3) != 3)
    ++column;
  return makeError(ExitCode::Malformed,
                   weight.file + ": " + weight.name + ": byte " +
                       llvm::Twine(weight.fileOffset + first + column) +
                       " (row " + llvm::Twine(row) + ", column " +
                       llvm::Twine(column) +
                       "): expected a ternary code 0, 1 or 2, found 3");
}

llvm::Error PackedMatrix::rows(uint64_t first, uint64_t count,
                               llvm::MutableArrayRef<int8_t> out) {
  uint64_t packed = packedRows(shape.rows), columns = shape.columns;
  for (uint64_t row = first; row < first + count; ++row)
    if (!unpackCodes(weight.bytes.data() + row % packed * columns,
                     unsigned(row / packed),
                     out.slice((row - first) * columns, columns)))
      return badCode(row);
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Master weights
//===----------------------------------------------------------------------===//

llvm::Expected<AbsmeanRule> MasterMatrix::rule() {
  std::lock_guard<std::mutex> lock(mutex);
  uint64_t count = shape.rows * shape.columns;
  if (!known)
    known = absmeanRule(weight.dtype, weight.bytes.data(), count, keepsTernary);
  if (std::isfinite(known->scale) && known->scale > 0) {
    if (mustBeTernary && !known->wasTernary)
      return makeError(ExitCode::Unreadable,
                       weight.file + ": " + weight.name +
                           ": expected only -a, 0 and a (nothing says that "
                           "these are master weights), found other weights: "
                           "not a BitNet model");
    return *known;
  }

  // Which element is to blame?
  std::vector<float> row(shape.columns);
  for (uint64_t first = 0; first < count; first += row.size()) {
    widen(weight.dtype, weight.bytes.data() + first * dtypeBytes(weight.dtype),
          row);
    if (uint64_t bad = firstNotFinite(row); bad != row.size())
      return notFinite(weight, first + bad);
  }
  return makeError(ExitCode::Malformed,
                   weight.file + ": " + weight.name +
                       ": expected a mean magnitude that fits its type, found "
                       "a larger one");
}

llvm::Expected<float> MasterMatrix::scale() {
  llvm::Expected<AbsmeanRule> found = rule();
  if (!found)
    return found.takeError();
  return found->scale;
}

llvm::Error MasterMatrix::rows(uint64_t first, uint64_t,
                               llvm::MutableArrayRef<int8_t> out) {
  llvm::Expected<AbsmeanRule> found = rule();
  if (!found)
    return found.takeError();
  uint64_t offset = first * shape.columns * dtypeBytes(weight.dtype);
  quantize(weight.dtype, weight.bytes.data() + offset, found->factor, out);
  return llvm::Error::success();
}

} // namespace tritc::import
