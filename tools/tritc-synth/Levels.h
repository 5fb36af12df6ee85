//===- Levels.h - The values of a synthetic matrix ------------------------===//
//
// A weight is one of 256 levels, chosen by a random byte. The same bytes give
// both formats: master weights are the levels themselves, packed weights what
// absmean quantization makes of them. So the packed and the bf16 checkpoint of
// one seed are one model, and a reader that quantizes right gets equal logits
// from both.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tools/tritc-synth/Family.h"

#include <array>
#include <cstdint>

namespace tritc::synth {

/// Bits of `value`, rounded to nearest even. `value` is finite.
uint16_t toBits(Element element, float value);
float fromBits(Element element, uint16_t bits);

struct Levels {
  std::array<uint16_t, 256> master; ///< bits of an element
  std::array<uint8_t, 256> code;    ///< ternary value + 1
  /// |master| in units of 2^-24, exact: sums do not depend on their order.
  std::array<uint32_t, 256> magnitude;
};

/// The levels of one matrix. 96 of 256 are small and become zero, the others
/// reach from 0.8 to 2.2, so that their mean is 1 and the quantization
/// threshold (half the mean) falls into a gap that no sampling noise bridges.
/// \param amplitude  factor on all of them, from 0.5 to 2
Levels makeLevels(double amplitude, Element element);

/// The levels of a matrix that was quantized before: -amplitude, 0, amplitude.
Levels makeTernaryLevels(double amplitude, Element element);

/// Bits of the scale a packed checkpoint stores: what absmean makes of
/// `count` weights whose magnitudes add up to `sum` (s = 1 / mean|W|,
/// stored is 1/s rounded).
/// \param sum  in the units of Levels::magnitude
uint16_t absmeanScale(uint64_t sum, uint64_t count,
                      Element element = Element::BF16);

} // namespace tritc::synth
