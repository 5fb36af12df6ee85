//===- Checkpoint.cpp - Weights out of an open checkpoint -----------------===//

#include "compiler/import/Checkpoint.h"

#include "compiler/import/CheckpointStorage.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

Checkpoint::Checkpoint(std::unique_ptr<CheckpointStorage> filled,
                       const Accounted &tensors)
    : storage(std::move(filled)) {
  llvm::append_range(storage->notes, storage->config.notes);
  if (!tensors.note().empty())
    storage->notes.push_back(tensors.note());
}
Checkpoint::~Checkpoint() = default;

const ModelConfig &Checkpoint::config() const { return storage->config; }
const GenerationDefaults &Checkpoint::generation() const {
  return storage->generation;
}
const ChatTemplate &Checkpoint::chatTemplate() const { return storage->chat; }
llvm::ArrayRef<std::string> Checkpoint::notes() const { return storage->notes; }
llvm::Expected<TokenizerModel> Checkpoint::tokenizer() const {
  return storage->tokenizer();
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

llvm::Error Checkpoint::floats(llvm::StringRef name, uint64_t firstElement,
                               llvm::MutableArrayRef<float> out) const {
  const TensorView *tensor = find(name);
  if (!tensor || !isFloat(tensor->dtype))
    return noSuch("float tensor", name);
  uint64_t count = tensor->elements();
  if (firstElement > count || out.size() > count - firstElement)
    return outOfRange(name);
  if (tensor->blocked)
    decodeBlocks(*tensor->blocked, tensor->bytes, firstElement, out);
  else
    widen(tensor->dtype,
          tensor->bytes.data() + firstElement * dtypeBytes(tensor->dtype), out);
  if (uint64_t bad = firstNotFinite(out); bad != out.size())
    return notFinite(*tensor, firstElement + bad);
  if (tensor->lacksOne)
    for (float &value : out)
      value += 1.0f;
  return llvm::Error::success();
}

llvm::Error Checkpoint::blocks(llvm::StringRef name, uint64_t firstElement,
                               const BlockedNumbers &out) const {
  const TensorView *tensor = find(name);
  if (!tensor || !tensor->blocked)
    return noSuch("table in blocks", name);
  uint64_t count = tensor->elements(), size = out.integers.size();
  if (firstElement > count || size > count - firstElement)
    return outOfRange(name);
  readBlocks(*tensor->blocked, tensor->bytes, firstElement, out);
  constexpr uint16_t infinity = 0x7c00;
  for (auto [block, step] : llvm::enumerate(out.steps))
    if ((step & infinity) == infinity)
      return notFinite(*tensor,
                       firstElement + block * tensor->blocked->elements);
  return llvm::Error::success();
}

llvm::Expected<float> Checkpoint::weightScale(llvm::StringRef name) const {
  auto found = storage->matrices.find(name);
  if (found == storage->matrices.end())
    return noSuch("ternary matrix", name);
  return found->second->scale();
}

llvm::Error Checkpoint::ternaryRows(llvm::StringRef name, uint64_t firstRow,
                                    uint64_t rowCount,
                                    llvm::MutableArrayRef<int8_t> out) const {
  auto found = storage->matrices.find(name);
  if (found == storage->matrices.end())
    return noSuch("ternary matrix", name);
  TernaryMatrix &matrix = *found->second;
  if (firstRow > matrix.shape.rows || rowCount > matrix.shape.rows - firstRow ||
      out.size() != rowCount * matrix.shape.columns)
    return outOfRange(name);
  return matrix.rows(firstRow, rowCount, out);
}

} // namespace tritc::import
