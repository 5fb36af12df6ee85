//===- Levels.cpp - The values of a synthetic matrix ----------------------===//

#include "tools/tritc-synth/Levels.h"

#include "llvm/ADT/bit.h"

#include <algorithm>
#include <cmath>

namespace tritc::synth {

uint16_t toBf16(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  return uint16_t((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float fromBf16(uint16_t bits) {
  return llvm::bit_cast<float>(uint32_t(bits) << 16);
}

Levels makeLevels(double amplitude) {
  constexpr int zeros = 96, half = (256 - zeros) / 2;
  Levels levels;
  for (int i = 0; i < 256; ++i) {
    double value;
    if (i < zeros) // -0.35 .. 0.35
      value = 0.35 * (2.0 * (i + 0.5) / zeros - 1.0);
    else { // -2.2 .. -0.8 and 0.8 .. 2.2
      int j = (i - zeros) % half;
      double size = 0.8 + 1.4 * (j + 0.5) / half;
      value = i - zeros < half ? -size : size;
    }
    uint16_t bits = toBf16(float(value * amplitude));
    levels.master[i] = bits;
    levels.code[i] = i < zeros ? 1 : value < 0 ? 0 : 2;
    levels.magnitude[i] = uint32_t(std::fabs(fromBf16(bits)) * 0x1p24f);
  }
  return levels;
}

uint16_t absmeanScale(uint64_t sum, uint64_t count) {
  float mean = float(double(sum) * 0x1p-24 / double(count));
  float inverse = 1.0f / std::max(mean, 1e-5f);
  return toBf16(1.0f / inverse);
}

} // namespace tritc::synth
