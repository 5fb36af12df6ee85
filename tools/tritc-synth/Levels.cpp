//===- Levels.cpp - The values of a synthetic matrix ----------------------===//

#include "tools/tritc-synth/Levels.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/bit.h"

#include <algorithm>
#include <cmath>

namespace tritc::synth {

static const llvm::fltSemantics &semanticsOf(Element element) {
  return element == Element::BF16 ? llvm::APFloat::BFloat()
                                  : llvm::APFloat::IEEEhalf();
}

uint16_t toBits(Element element, float value) {
  if (element == Element::BF16) {
    uint32_t bits = llvm::bit_cast<uint32_t>(value);
    return uint16_t((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
  }
  llvm::APFloat number(value);
  bool losesInfo;
  number.convert(semanticsOf(element), llvm::APFloat::rmNearestTiesToEven,
                 &losesInfo);
  return uint16_t(number.bitcastToAPInt().getZExtValue());
}

float fromBits(Element element, uint16_t bits) {
  return llvm::APFloat(semanticsOf(element), llvm::APInt(16, bits))
      .convertToFloat();
}

static void setLevel(Levels &levels, int i, uint8_t code, uint16_t bits,
                     Element element) {
  levels.master[i] = bits;
  levels.code[i] = code;
  levels.magnitude[i] = uint32_t(std::fabs(fromBits(element, bits)) * 0x1p24f);
}

constexpr int zeros = 96, half = (256 - zeros) / 2;

/// The ternary code of level `i`.
static uint8_t codeOf(int i) {
  return i < zeros ? 1 : i - zeros < half ? 0 : 2;
}

Levels makeTernaryLevels(double amplitude, Element element) {
  Levels levels;
  for (int i = 0; i < 256; ++i)
    setLevel(levels, i, codeOf(i),
             toBits(element, float((codeOf(i) - 1) * amplitude)), element);
  return levels;
}

Levels makeLevels(double amplitude, Element element) {
  Levels levels;
  for (int i = 0; i < 256; ++i) {
    double value;
    if (i < zeros) // -0.35 .. 0.35
      value = 0.35 * (2.0 * (i + 0.5) / zeros - 1.0);
    else // -2.2 .. -0.8 and 0.8 .. 2.2
      value = (codeOf(i) - 1) * (0.8 + 1.4 * ((i - zeros) % half + 0.5) / half);
    setLevel(levels, i, codeOf(i), toBits(element, float(value * amplitude)),
             element);
  }
  return levels;
}

uint16_t absmeanScale(uint64_t sum, uint64_t count, Element element) {
  float mean = float(double(sum) * 0x1p-24 / double(count));
  float inverse = 1.0f / std::max(mean, 1e-5f);
  return toBits(element, 1.0f / inverse);
}

} // namespace tritc::synth
