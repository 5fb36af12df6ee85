//===- Decimal.h - Numbers as they are written ----------------------------===//
#pragma once

#include <cstdint>
#include <string_view>

namespace tritc::grammar {

/// A number of JSON without rounding: digits in front of the point and behind
/// it, without zeros that say nothing.
struct Decimal {
  static constexpr unsigned mostDigits = 40;

  bool isNegative = false;
  char digits[2 * mostDigits] = {}; ///< '0' to '9'
  unsigned whole = 0;               ///< digits in front; none for 0.5
  unsigned part = 0;                ///< digits behind

  /// False if it has more than mostDigits on a side of the point.
  static bool read(std::string_view text, Decimal &made);

  bool isWhole() const { return part == 0; }
  bool isZero() const { return whole + part == 0; }
  /// Digit `i` behind the point.
  unsigned partAt(unsigned i) const {
    return i < part ? static_cast<unsigned>(digits[whole + i] - '0') : 0;
  }
  std::string_view wholeText() const {
    return whole ? std::string_view(digits, whole) : std::string_view("0");
  }
  Decimal negated() const;
  /// The whole number below it, or it; or the one above.
  Decimal floor() const;
  Decimal ceiling() const;
  /// The next whole number up or down. \pre isWhole()
  Decimal plus(int one) const;
  /// \returns < 0, 0 or > 0
  int compare(const Decimal &other) const;
  static Decimal ofDigits(std::string_view whole, bool isNegative = false);

private:
  int compareSize(const Decimal &other) const;
  void strip();
};

} // namespace tritc::grammar
