//===- TensorView.h - A tensor as a file stores it ------------------------===//
#pragma once

#include "compiler/import/model/BlockedTable.h"
#include "compiler/import/model/DType.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace tritc::import {

/// A tensor as stored. Everything in it belongs to the checkpoint.
struct TensorView {
  llvm::StringRef name;
  DType dtype;
  llvm::SmallVector<uint64_t, 4> shape; ///< as stored: packed rows for U8
  llvm::ArrayRef<uint8_t> bytes;        ///< little-endian, row-major, unaligned
  llvm::StringRef file;                 ///< path
  uint64_t fileOffset;                  ///< of bytes[0]
  /// Not null: `bytes` are blocks of quantized values; dtype is F32.
  const BlockedEncoding *blocked = nullptr;
  bool lacksOne = false; ///< what is meant is 1 + what is stored

  uint64_t elements() const;
};

/// Logical shape of a ternary matrix: rows = output features N, columns = input
/// features K.
struct MatrixShape {
  uint64_t rows;
  uint64_t columns;
};

/// "[640, 2560]"
std::string shapeText(llvm::ArrayRef<uint64_t> shape);

/// `element` of `tensor` is NaN or infinite: ExitCode::Malformed, names the
/// byte.
llvm::Error notFinite(const TensorView &tensor, uint64_t element);

} // namespace tritc::import
