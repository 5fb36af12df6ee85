//===- Digits.h - Numbers between two numbers -----------------------------===//
#pragma once

#include "runtime/grammar/Builder.h"
#include "runtime/grammar/Decimal.h"

namespace tritc::grammar {

/// Digits of a number that nothing limits: as many as any reader keeps.
inline constexpr unsigned freeDigits = 15;

struct NumberRange {
  Decimal low, high;
  bool isLowOpen = false, isHighOpen = false; ///< the bound itself is out
  bool isWhole = false;                       ///< no digits behind the point
  uint32_t divisor = 1; ///< of whole numbers; others are out
};

/// Steps from `from` to `to` by the numbers of a range, each written without
/// exponent, with at most 15 digits unless a bound has more in front of the
/// point; -0 is not. False if that takes too many states.
bool addNumbers(Builder &builder, uint32_t from, const NumberRange &range,
                uint32_t to);

} // namespace tritc::grammar
