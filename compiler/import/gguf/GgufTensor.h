//===- GgufTensor.h - A tensor of a GGUF file -----------------------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace tritc::import {

/// One tensor: where it is, and what the file calls it.
struct GgufTensor {
  llvm::StringRef name;
  llvm::SmallVector<uint64_t, 4> shape; ///< slowest first: [rows, columns]
  uint32_t type;                        ///< see GgufTypes.h
  uint64_t begin;                       ///< of its bytes, in the file
  /// Where the next tensor begins, or the file ends: no byte of this one lies
  /// beyond.
  uint64_t limit;

  /// Known to fit.
  uint64_t elements() const {
    uint64_t count = 1;
    for (uint64_t extent : shape)
      count *= extent;
    return count;
  }
};

} // namespace tritc::import
