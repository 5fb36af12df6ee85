//===- TernaryWeights.cpp - Ternary weights out of bytes or floats --------===//

#include "compiler/import/model/TernaryWeights.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace tritc::import {

/// Elements that are widened at a time: a buffer on the stack.
static constexpr uint64_t blockElements = 2048;

/// The shift is a constant here: only then do byte vectors come out of it
/// (a variable one costs four times as much on x86).
template <unsigned Shift>
static bool unpackShifted(const uint8_t *packed, int8_t *out, size_t count) {
  uint8_t bad = 0;
  for (size_t k = 0; k < count; ++k) {
    uint8_t code = (packed[k] >> Shift) & 3;
    bad |= code & (code >> 1);
    out[k] = int8_t(code - 1);
  }
  return (bad & 1) == 0;
}

bool unpackCodes(const uint8_t *packed, unsigned strip,
                 llvm::MutableArrayRef<int8_t> out) {
  switch (strip) {
  case 0:
    return unpackShifted<0>(packed, out.data(), out.size());
  case 1:
    return unpackShifted<2>(packed, out.data(), out.size());
  case 2:
    return unpackShifted<4>(packed, out.data(), out.size());
  default:
    return unpackShifted<6>(packed, out.data(), out.size());
  }
}

namespace {

/// Sum, largest and smallest nonzero magnitude, in sixteen lanes that are
/// combined in order at the end: the result does not depend on how wide the
/// vectors of the machine are.
class Magnitudes {
public:
  Magnitudes() { std::fill(low, low + lanes, infinity); }

  void add(llvm::ArrayRef<float> values) {
    size_t i = 0;
    for (; i + lanes <= values.size(); i += lanes)
      for (size_t lane = 0; lane < lanes; ++lane)
        addOne(lane, values[i + lane]);
    for (size_t lane = 0; i < values.size(); ++i, ++lane)
      addOne(lane, values[i]);
  }

  double sum() const {
    double total = 0;
    for (double part : sums)
      total += part;
    return total;
  }
  float largest() const { return *std::max_element(high, high + lanes); }
  float smallest() const { return *std::min_element(low, low + lanes); }

private:
  static constexpr size_t lanes = 16;
  static constexpr float infinity = std::numeric_limits<float>::infinity();

  void addOne(size_t lane, float value) {
    float magnitude = std::fabs(value);
    float nonzero = magnitude > 0 ? magnitude : infinity;
    sums[lane] += magnitude;
    high[lane] = magnitude > high[lane] ? magnitude : high[lane];
    low[lane] = nonzero < low[lane] ? nonzero : low[lane];
  }

  double sums[lanes] = {};
  float high[lanes] = {};
  float low[lanes];
};

} // namespace

/// Calls `body(floats, firstIndex)` for consecutive blocks of the elements.
template <typename Body>
static void forBlocks(DType dtype, const uint8_t *bytes, uint64_t count,
                      Body body) {
  float buffer[blockElements];
  for (uint64_t first = 0; first < count; first += blockElements) {
    llvm::MutableArrayRef<float> block(buffer,
                                       std::min(blockElements, count - first));
    widen(dtype, bytes + first * dtypeBytes(dtype), block);
    body(llvm::ArrayRef<float>(block), first);
  }
}

AbsmeanRule absmeanRule(DType dtype, const uint8_t *bytes, uint64_t count,
                        bool keepsTernary) {
  constexpr float floor = 1e-5f;
  Magnitudes magnitudes;
  forBlocks(dtype, bytes, count, [&](llvm::ArrayRef<float> block, uint64_t) {
    magnitudes.add(block);
  });
  double sum = magnitudes.sum();
  if (!std::isfinite(sum))
    return {0, 0, false};
  float magnitude = count ? float(sum / double(count)) : 0;
  bool wasTernary = magnitudes.largest() == 0 ||
                    magnitudes.largest() == magnitudes.smallest();
  if (keepsTernary && wasTernary && magnitudes.largest() >= floor)
    return {1.0f / magnitudes.largest(), magnitudes.largest(), true};
  float factor = 1.0f / std::max(magnitude, floor);
  return {factor, roundTo(dtype, 1.0f / factor), wasTernary};
}

void quantize(DType dtype, const uint8_t *bytes, float factor,
              llvm::MutableArrayRef<int8_t> out) {
  // Adding 1.5 * 2^23 rounds half to even into the low bits of the mantissa.
  // Clamping first changes nothing (rounding is monotonic and keeps -1 and 1)
  // and keeps the sum in range.
  constexpr float rounder = 12582912.0f;
  constexpr uint32_t rounderBits = std::bit_cast<uint32_t>(rounder);
  forBlocks(dtype, bytes, out.size(),
            [&](llvm::ArrayRef<float> block, uint64_t first) {
              int8_t *to = out.data() + first;
              for (size_t i = 0; i < block.size(); ++i) {
                float scaled = block[i] * factor;
                scaled = scaled < -1.0f ? -1.0f : scaled;
                scaled = scaled > 1.0f ? 1.0f : scaled;
                float rounded = scaled + rounder;
                to[i] = int8_t(std::bit_cast<uint32_t>(rounded) - rounderBits);
              }
            });
}

uint64_t firstNotFinite(llvm::ArrayRef<float> values) {
  constexpr uint32_t exponent = 0x7f800000;
  uint32_t bad = 0;
  for (float value : values)
    bad |= (std::bit_cast<uint32_t>(value) & exponent) == exponent;
  if (!bad)
    return values.size();
  return std::find_if_not(values.begin(), values.end(),
                          [](float value) { return std::isfinite(value); }) -
         values.begin();
}

} // namespace tritc::import
