//===- Checkpoint.cpp - Weights out of an open checkpoint -----------------===//

#include "compiler/import/Checkpoint.h"

#include "compiler/import/CheckpointStorage.h"
#include "compiler/import/Error.h"
#include "compiler/import/Json.h"

#include <cmath>

namespace tritc::import {

Checkpoint::Checkpoint(std::unique_ptr<Storage> storage)
    : storage(std::move(storage)) {}
Checkpoint::~Checkpoint() = default;

const ModelConfig &Checkpoint::config() const { return storage->config; }
const GenerationDefaults &Checkpoint::generation() const {
  return storage->generation;
}
const ChatTemplate &Checkpoint::chatTemplate() const { return storage->chat; }
llvm::StringRef Checkpoint::directory() const { return storage->directory; }
llvm::ArrayRef<std::string> Checkpoint::unexpectedTensors() const {
  return storage->unexpected;
}

const TensorView *Checkpoint::find(llvm::StringRef name) const {
  auto found = storage->tensors.find(name);
  return found == storage->tensors.end() ? nullptr : &found->second;
}

std::optional<MatrixShape>
Checkpoint::ternaryShape(llvm::StringRef name) const {
  auto found = storage->matrices.find(name);
  if (found == storage->matrices.end())
    return std::nullopt;
  return found->second->shape;
}

static llvm::Error noSuch(const char *kind, llvm::StringRef name) {
  return makeError(ExitCode::Internal,
                   llvm::Twine("no ") + kind + " named " + name);
}

static llvm::Error outOfRange(llvm::StringRef name) {
  return makeError(ExitCode::Internal, name + ": read beyond the end");
}

/// `element` of `tensor` is NaN or infinite.
static llvm::Error notFinite(const TensorView &tensor, uint64_t element) {
  uint64_t offset = tensor.fileOffset + element * dtypeBytes(tensor.dtype);
  return makeError(ExitCode::Malformed,
                   tensor.file + ": " + tensor.name + ": byte " +
                       llvm::Twine(offset) +
                       ": expected a finite number, found NaN or infinity");
}

llvm::Error Checkpoint::floats(llvm::StringRef name, uint64_t firstElement,
                               llvm::MutableArrayRef<float> out) const {
  const TensorView *tensor = find(name);
  if (!tensor || !isFloat(tensor->dtype))
    return noSuch("float tensor", name);
  uint64_t elementBytes = dtypeBytes(tensor->dtype);
  uint64_t count = tensor->bytes.size() / elementBytes;
  if (firstElement > count || out.size() > count - firstElement)
    return outOfRange(name);
  widen(tensor->dtype, tensor->bytes.data() + firstElement * elementBytes, out);
  if (uint64_t bad = firstNotFinite(out); bad != out.size())
    return notFinite(*tensor, firstElement + bad);
  return llvm::Error::success();
}

/// The rule of a master matrix. The first caller computes it, others wait.
static llvm::Expected<AbsmeanRule> masterRule(TernaryMatrix &matrix,
                                              const ModelConfig &config) {
  std::lock_guard<std::mutex> lock(matrix.mutex);
  const TensorView &weight = *matrix.weight;
  uint64_t count = matrix.shape.rows * matrix.shape.columns;
  if (!matrix.rule)
    matrix.rule = absmeanRule(weight.dtype, weight.bytes.data(), count,
                              config.mastersAreAssumed);
  if (std::isfinite(matrix.rule->scale) && matrix.rule->scale > 0) {
    if (config.mastersMustBeTernary && !matrix.rule->wasTernary)
      return makeError(ExitCode::Unreadable,
                       weight.file + ": " + weight.name +
                           ": expected only -a, 0 and a (config.json has no "
                           "quantization_config), found other weights: not a "
                           "BitNet model");
    return *matrix.rule;
  }

  // Which element is to blame?
  std::vector<float> row(matrix.shape.columns);
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

llvm::Expected<float> Checkpoint::weightScale(llvm::StringRef name) const {
  auto found = storage->matrices.find(name);
  if (found == storage->matrices.end())
    return noSuch("ternary matrix", name);
  TernaryMatrix &matrix = *found->second;
  if (!matrix.scale) {
    llvm::Expected<AbsmeanRule> rule = masterRule(matrix, storage->config);
    if (!rule)
      return rule.takeError();
    return rule->scale;
  }
  float stored = 0;
  widen(matrix.scale->dtype, matrix.scale->bytes.data(), stored);
  float factor =
      storage->config.scaleRule == ScaleRule::Divide ? 1.0f / stored : stored;
  if (!std::isfinite(stored) || !std::isfinite(factor) || !(factor > 0))
    return makeError(ExitCode::Malformed,
                     matrix.scale->file + ": " + matrix.scale->name +
                         ": byte " + llvm::Twine(matrix.scale->fileOffset) +
                         ": expected a positive finite number, found " +
                         describe(llvm::json::Value(double(stored))));
  return factor;
}

/// Row `row` holds a code 3: says where.
static llvm::Error badCode(const TernaryMatrix &matrix, uint64_t row) {
  const TensorView &weight = *matrix.weight;
  uint64_t packed = packedRows(matrix.shape.rows);
  uint64_t first = row % packed * matrix.shape.columns;
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

llvm::Error Checkpoint::ternaryRows(llvm::StringRef name, uint64_t firstRow,
                                    uint64_t rowCount,
                                    llvm::MutableArrayRef<int8_t> out) const {
  auto found = storage->matrices.find(name);
  if (found == storage->matrices.end())
    return noSuch("ternary matrix", name);
  TernaryMatrix &matrix = *found->second;
  uint64_t columns = matrix.shape.columns;
  if (firstRow > matrix.shape.rows || rowCount > matrix.shape.rows - firstRow ||
      out.size() != rowCount * columns)
    return outOfRange(name);

  const TensorView &weight = *matrix.weight;
  if (!matrix.scale) {
    llvm::Expected<AbsmeanRule> rule = masterRule(matrix, storage->config);
    if (!rule)
      return rule.takeError();
    uint64_t offset = firstRow * columns * dtypeBytes(weight.dtype);
    quantize(weight.dtype, weight.bytes.data() + offset, rule->factor, out);
    return llvm::Error::success();
  }
  uint64_t packed = packedRows(matrix.shape.rows);
  for (uint64_t row = firstRow; row < firstRow + rowCount; ++row)
    if (!unpackCodes(weight.bytes.data() + row % packed * columns,
                     unsigned(row / packed),
                     out.slice((row - firstRow) * columns, columns)))
      return badCode(matrix, row);
  return llvm::Error::success();
}

} // namespace tritc::import
