//===- GgufHead.h - The part of a GGUF file before the data ---------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tritc::synth {

/// Keys and tensors in the order in which they are added. Version 3.
class GgufHead {
public:
  static constexpr uint64_t alignment = 32;

  void add(llvm::StringRef key, uint32_t value);
  void add(llvm::StringRef key, float value);
  void add(llvm::StringRef key, bool value);
  void add(llvm::StringRef key, llvm::StringRef value);
  void add(llvm::StringRef key, llvm::ArrayRef<std::string> values);
  void add(llvm::StringRef key, llvm::ArrayRef<float> values);
  void add(llvm::StringRef key, llvm::ArrayRef<int32_t> values);
  /// With the 16-bit type that the keys split.no and split.count have.
  void add16(llvm::StringRef key, uint16_t value);

  /// \param shape    slowest first
  /// \param bytes    of its data, which follow those of the one before
  void addTensor(llvm::StringRef name, llvm::ArrayRef<uint64_t> shape,
                 uint32_t type, uint64_t bytes);

  /// The bytes of the head, padded to the alignment.
  std::string finish() const;

private:
  std::string keys, tensors;
  uint64_t keyCount = 0, tensorCount = 0, nextOffset = 0;
};

} // namespace tritc::synth
