//===- NamedSource.h - Weights that are made, not read --------------------===//
#pragma once

#include "compiler/codegen/WeightSource.h"
#include "compiler/support/Error.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/xxhash.h"

namespace tritc::codegen::test {

/// Tensors made of their names: every element can be computed again.
class NamedSource final : public WeightSource {
public:
  std::vector<std::string> broken; ///< tensors that fail

  static int8_t weight(llvm::StringRef name, uint64_t row, uint64_t column) {
    return int8_t((llvm::xxh3_64bits(name) % 1000 + 7 * row + column * column) %
                  3) -
           1;
  }
  static float element(uint64_t index) { return float(index % 251) * 0.5f; }

  llvm::Error ternaryRows(llvm::StringRef name, uint64_t firstRow,
                          uint64_t rowCount,
                          llvm::MutableArrayRef<int8_t> out) const override {
    if (llvm::is_contained(broken, name))
      return makeError(ExitCode::Malformed,
                       llvm::formatv("{0}: row {1}", name, firstRow));
    uint64_t columns = out.size() / rowCount;
    for (uint64_t index = 0; index < out.size(); ++index)
      out[index] = weight(name, firstRow + index / columns, index % columns);
    return llvm::Error::success();
  }
  llvm::Expected<float> weightScale(llvm::StringRef name) const override {
    return float(name.size());
  }
  llvm::Error floats(llvm::StringRef name, uint64_t first,
                     llvm::MutableArrayRef<float> out) const override {
    for (uint64_t index = 0; index < out.size(); ++index)
      out[index] = element(first + index);
    return llvm::Error::success();
  }
  /// The same row after row: integers, scales and steps that count up.
  llvm::Error blockedRows(llvm::StringRef, uint64_t first, uint64_t count,
                          const lut::BlockedRows &out) const override {
    for (uint64_t i = 0; i < count * 256; ++i)
      out.integers[i] = int8_t((first * 256 + i) % 61) - 32;
    for (uint64_t i = 0; i < count * 16; ++i)
      out.scales[i] = int8_t(first * 16 + i);
    for (uint64_t i = 0; i < count; ++i)
      out.steps[i] = uint16_t(first + i);
    return llvm::Error::success();
  }
  llvm::Expected<llvm::ArrayRef<uint8_t>>
  storedBytes(llvm::StringRef, WeightEntry::Element) const override {
    return llvm::ArrayRef<uint8_t>(stored);
  }
  std::vector<uint8_t> stored;
};

} // namespace tritc::codegen::test
