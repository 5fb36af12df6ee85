//===- DType.h - Element types a BitNet checkpoint may hold ---------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <bit>
#include <cstdint>

namespace tritc::import {

/// Element types that the compiler reads. A file may hold tensors of other
/// types as long as the model does not need them.
enum class DType : uint8_t { U8, I8, F16, BF16, F32 };

/// Spelling as in a safetensors header: "U8", "BF16", ...
llvm::StringRef dtypeName(DType dtype);

/// Bytes of one element.
constexpr uint64_t dtypeBytes(DType dtype) {
  switch (dtype) {
  case DType::U8:
  case DType::I8:
    return 1;
  case DType::F16:
  case DType::BF16:
    return 2;
  case DType::F32:
    return 4;
  }
  return 0;
}

constexpr bool isFloat(DType dtype) {
  return dtype == DType::F16 || dtype == DType::BF16 || dtype == DType::F32;
}

/// Exact.
inline float bf16ToFloat(uint16_t bits) {
  return std::bit_cast<float>(uint32_t(bits) << 16);
}

/// Exact, subnormals included. Free of branches, so that loops over it become
/// vectors: the scaling moves the exponent's bias, subnormals come out right.
inline float f16ToFloat(uint16_t bits) {
  float magnitude =
      std::bit_cast<float>(uint32_t(bits & 0x7fff) << 13) * 0x1p112f;
  uint32_t special = (bits & 0x7c00) == 0x7c00 ? 0x7f800000u : 0;
  uint32_t sign = uint32_t(bits & 0x8000) << 16;
  return std::bit_cast<float>(std::bit_cast<uint32_t>(magnitude) | special |
                              sign);
}

/// Round to nearest, ties to even; NaN stays NaN (quiet), overflow is infinity.
uint16_t floatToBf16(float value);

/// `value` rounded to the nearest bf16, as f32.
inline float roundToBf16(float value) {
  return bf16ToFloat(floatToBf16(value));
}

/// `value` rounded to the nearest value of a float type, as f32.
float roundTo(DType dtype, float value);

/// Widens `out.size()` little-endian elements at `bytes` (no alignment needed)
/// exactly to f32. `dtype` is one of the float types, `bytes` holds exactly
/// out.size() elements.
void widen(DType dtype, const uint8_t *bytes, llvm::MutableArrayRef<float> out);

} // namespace tritc::import
