//===- WeightSource.h - Where the bytes of parameters come from -----------===//
#pragma once

#include "compiler/codegen/WeightPlan.h"
#include "dialects/lut/layouts/BlockedRows.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace tritc::codegen {

/// Tensors by name. All functions may be called from several threads at once;
/// their errors carry code 3 and name the tensor.
class WeightSource {
public:
  virtual ~WeightSource() = default;

  /// Rows [firstRow, firstRow + rowCount) of a ternary matrix; out[r * K + k]
  /// is -1, 0 or 1.
  virtual llvm::Error ternaryRows(llvm::StringRef name, uint64_t firstRow,
                                  uint64_t rowCount,
                                  llvm::MutableArrayRef<int8_t> out) const = 0;

  /// The f32 factor that the integer product of a ternary matrix is multiplied
  /// with.
  virtual llvm::Expected<float> weightScale(llvm::StringRef name) const = 0;

  /// Elements [firstElement, firstElement + out.size()), widened exactly.
  virtual llvm::Error floats(llvm::StringRef name, uint64_t firstElement,
                             llvm::MutableArrayRef<float> out) const = 0;

  /// Rows [firstRow, firstRow + rowCount) of a table in blocks, as they are.
  virtual llvm::Error blockedRows(llvm::StringRef name, uint64_t firstRow,
                                  uint64_t rowCount,
                                  const lut::BlockedRows &out) const = 0;

  /// The stored bytes of a float tensor of this element type; code 70 if it has
  /// another. They stay valid as long as the source lives.
  virtual llvm::Expected<llvm::ArrayRef<uint8_t>>
  storedBytes(llvm::StringRef name, WeightEntry::Element element) const = 0;
};

} // namespace tritc::codegen
