//===- Logarithm.h - exp and log in double, the same everywhere -----------===//
//
// For a perplexity that does not depend on the platform's libm. Both are within
// 2 ulp over the range used; neither is in a hot loop.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <bit>
#include <cstdint>

namespace tritc::sample {

/// Natural logarithm of a positive normal number.
/// log(2^e m) = e ln 2 + 2 atanh((m - 1) / (m + 1)), m in [sqrt 1/2, sqrt 2).
inline double logarithm(double value) {
  uint64_t bits = std::bit_cast<uint64_t>(value);
  int64_t exponent = static_cast<int64_t>(bits >> 52) - 1023;
  double mantissa =
      std::bit_cast<double>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    ++exponent;
  }
  double s = (mantissa - 1) / (mantissa + 1); // |s| < 0.172
  double square = s * s;
  double series = 0;
  // 0.172^2^12 < 2^-60: the first term left out is below the last bit.
  for (int term = 23; term >= 1; term -= 2)
    series = series * square + 1.0 / term;
  return static_cast<double>(exponent) * 0.6931471805599453 + 2 * s * series;
}

/// e^value; infinity above 709, 0 below -708.
inline double exponential(double value) {
  if (!(value > -708))
    return value == value ? 0 : value;
  if (value > 709)
    return __builtin_inf();
  double turns = value * 1.4426950408889634;
  int64_t exponent = static_cast<int64_t>(turns + (turns < 0 ? -0.5 : 0.5));
  double whole = static_cast<double>(exponent);
  // ln 2 in two parts, the first with 20 zero bits at its end.
  double rest =
      (value - whole * 0.6931471803691238) - whole * 1.9082149292705877e-10;
  double series = 1; // |rest| < 0.35: 0.35^15 / 15! < 2^-60
  for (int term = 14; term >= 1; --term)
    series = 1 + rest / term * series;
  return series *
         std::bit_cast<double>(static_cast<uint64_t>(exponent + 1023) << 52);
}

} // namespace tritc::sample
