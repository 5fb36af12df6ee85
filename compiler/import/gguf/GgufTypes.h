//===- GgufTypes.h - Tensor types of GGUF files ---------------------------===//
#pragma once

#include "compiler/import/gguf/GgufTensor.h"
#include "compiler/import/gguf/GgufTernary.h"
#include "compiler/import/model/BlockedTable.h"
#include "compiler/import/model/DType.h"

#include <optional>

namespace tritc::import {

/// A tensor type. What it is good for is what is not empty: `dtype` for plain
/// floats, `blocked` for quantized ones, `ternary` for weights; none of them
/// for a type that is known by name only.
struct GgufType {
  uint32_t id;
  llvm::StringLiteral name;
  uint64_t blockElements; ///< divides the length of every row
  /// Bytes that a tensor takes at least, whatever its layout.
  uint64_t (*leastBytes)(const GgufTensor &tensor);
  std::optional<DType> dtype;
  const BlockedEncoding *blocked;
  const TernaryEncoding *ternary;
};

/// nullptr for a number that is no type we know of.
const GgufType *ggufType(uint32_t id);

/// "Q4_K", "type 99".
std::string ggufTypeName(uint32_t id);

} // namespace tritc::import
