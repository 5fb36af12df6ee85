//===- CheckpointSource.cpp - Parameters out of a checkpoint --------------===//

#include "compiler/codegen/CheckpointSource.h"

#include "compiler/support/Error.h"

namespace tritc::codegen {

llvm::Error
CheckpointSource::ternaryRows(llvm::StringRef name, uint64_t firstRow,
                              uint64_t rowCount,
                              llvm::MutableArrayRef<int8_t> out) const {
  return checkpoint.ternaryRows(name, firstRow, rowCount, out);
}

llvm::Expected<float>
CheckpointSource::weightScale(llvm::StringRef name) const {
  return checkpoint.weightScale(name);
}

llvm::Error CheckpointSource::floats(llvm::StringRef name,
                                     uint64_t firstElement,
                                     llvm::MutableArrayRef<float> out) const {
  return checkpoint.floats(name, firstElement, out);
}

llvm::Error CheckpointSource::blockedRows(llvm::StringRef name,
                                          uint64_t firstRow, uint64_t rowCount,
                                          const lut::BlockedRows &out) const {
  const import::TensorView *tensor = checkpoint.find(name);
  if (!tensor || !tensor->blocked)
    return makeError(ExitCode::Internal,
                     name + ": planned in blocks, stored as another type");
  uint64_t columns = tensor->shape.back(), count = rowCount * columns;
  const import::BlockedEncoding &encoding = *tensor->blocked;
  return checkpoint.blocks(name, firstRow * columns,
                           {{out.integers, count},
                            {out.scales, encoding.scaleCount(count)},
                            {out.steps, encoding.stepCount(count)}});
}

static import::DType storedType(WeightEntry::Element element) {
  switch (element) {
  case WeightEntry::Element::F16:
    return import::DType::F16;
  case WeightEntry::Element::BF16:
    return import::DType::BF16;
  case WeightEntry::Element::F32:
    return import::DType::F32;
  }
  return import::DType::F32;
}

llvm::Expected<llvm::ArrayRef<uint8_t>>
CheckpointSource::storedBytes(llvm::StringRef name,
                              WeightEntry::Element element) const {
  const import::TensorView *tensor = checkpoint.find(name);
  if (!tensor || tensor->dtype != storedType(element))
    return makeError(ExitCode::Internal,
                     name + ": planned as a copy, stored as another type");
  return tensor->bytes;
}

} // namespace tritc::codegen
