//===- CheckpointSource.h - Parameters out of a checkpoint ----------------===//
#pragma once

#include "compiler/codegen/WeightSource.h"
#include "compiler/import/Checkpoint.h"

namespace tritc::codegen {

/// The tensors of a checkpoint, which must outlive the source.
class CheckpointSource final : public WeightSource {
public:
  explicit CheckpointSource(const import::Checkpoint &checkpoint)
      : checkpoint(checkpoint) {}

  llvm::Error ternaryRows(llvm::StringRef name, uint64_t firstRow,
                          uint64_t rowCount,
                          llvm::MutableArrayRef<int8_t> out) const override;
  llvm::Expected<float> weightScale(llvm::StringRef name) const override;
  llvm::Error floats(llvm::StringRef name, uint64_t firstElement,
                     llvm::MutableArrayRef<float> out) const override;
  llvm::Error blockedRows(llvm::StringRef name, uint64_t firstRow,
                          uint64_t rowCount,
                          const lut::BlockedRows &out) const override;
  llvm::Expected<llvm::ArrayRef<uint8_t>>
  storedBytes(llvm::StringRef name,
              WeightEntry::Element element) const override;

private:
  const import::Checkpoint &checkpoint;
};

} // namespace tritc::codegen
