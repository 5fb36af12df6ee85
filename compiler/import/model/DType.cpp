//===- DType.cpp - Element types a BitNet checkpoint may hold -------------===//

#include "compiler/import/model/DType.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/Support/ErrorHandling.h"

#include <cassert>
#include <cstring>

namespace tritc::import {

llvm::StringRef dtypeName(DType dtype) {
  switch (dtype) {
  case DType::U8:
    return "U8";
  case DType::I8:
    return "I8";
  case DType::F16:
    return "F16";
  case DType::BF16:
    return "BF16";
  case DType::F32:
    return "F32";
  }
  llvm_unreachable("all element types are listed");
}

uint16_t floatToBf16(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u)
    return uint16_t(bits >> 16 | 0x40);
  return uint16_t((bits + 0x7fffu + (bits >> 16 & 1)) >> 16);
}

float roundTo(DType dtype, float value) {
  if (dtype == DType::BF16)
    return roundToBf16(value);
  if (dtype == DType::F32)
    return value;
  assert(dtype == DType::F16 && "only float types round");
  llvm::APFloat half(value);
  bool losesInfo;
  half.convert(llvm::APFloat::IEEEhalf(), llvm::APFloat::rmNearestTiesToEven,
               &losesInfo);
  return f16ToFloat(uint16_t(half.bitcastToAPInt().getZExtValue()));
}

void widen(DType dtype, const uint8_t *bytes,
           llvm::MutableArrayRef<float> out) {
  size_t count = out.size();
  float *to = out.data();
  auto load16 = [&](size_t i) {
    uint16_t bits;
    std::memcpy(&bits, bytes + 2 * i, 2);
    return bits;
  };
  switch (dtype) {
  case DType::BF16:
    for (size_t i = 0; i < count; ++i)
      to[i] = bf16ToFloat(load16(i));
    return;
  case DType::F16:
    for (size_t i = 0; i < count; ++i)
      to[i] = f16ToFloat(load16(i));
    return;
  case DType::F32:
    if (count != 0)
      std::memcpy(to, bytes, 4 * count);
    return;
  case DType::U8:
  case DType::I8:
    break;
  }
  llvm_unreachable("only float types are widened");
}

} // namespace tritc::import
