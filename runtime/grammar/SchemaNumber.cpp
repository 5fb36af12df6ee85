//===- SchemaNumber.cpp - Bounds of numbers -------------------------------===//

#include "runtime/grammar/Schema.h"

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

Failure SchemaCompiler::boundsOf(const Nodes &nodes, Bounds &bounds) {
  NumberRange &range = bounds.range;
  Failure failure;
  auto raise = [&](const Decimal &low, bool isOpen) {
    int order = bounds.hasLow ? low.compare(range.low) : 1;
    if (order > 0 || (order == 0 && isOpen)) {
      range.low = low;
      range.isLowOpen = isOpen;
    }
    bounds.hasLow = true;
  };
  auto lower = [&](const Decimal &high, bool isOpen) {
    int order = bounds.hasHigh ? high.compare(range.high) : -1;
    if (order < 0 || (order == 0 && isOpen)) {
      range.high = high;
      range.isHighOpen = isOpen;
    }
    bounds.hasHigh = true;
  };
  auto read = [&](uint32_t value, auto &&use) {
    Decimal number;
    // Beyond 15 digits readers round, and the bound may be passed.
    bool isExact = Decimal::read(tree.text(value), number) &&
                   (number.isWhole() || number.whole + number.part <= 15);
    if (isExact)
      use(number);
    else if (!failure)
      failure = refuse(value, "expected a number of at most 15 digits");
  };
  auto readAll = [&](std::string_view keyword, auto &&use) {
    forEach(nodes, keyword, [&](uint32_t value) { read(value, use); });
  };
  readAll("minimum", [&](const Decimal &n) { raise(n, false); });
  readAll("exclusiveMinimum", [&](const Decimal &n) { raise(n, true); });
  readAll("maximum", [&](const Decimal &n) { lower(n, false); });
  readAll("exclusiveMaximum", [&](const Decimal &n) { lower(n, true); });
  forEach(nodes, "format", [&](uint32_t value) {
    const Format *format = findFormat(tree.text(value));
    if (format->low == format->high)
      return;
    for (int64_t bound : {format->low, format->high}) {
      char digits[24];
      snprintf(digits, sizeof(digits), "%lld", static_cast<long long>(bound));
      Decimal number;
      Decimal::read(digits, number);
      bound < 0 ? raise(number, false) : lower(number, false);
    }
  });
  uint64_t divisor = 1;
  forEach(nodes, "multipleOf", [&](uint32_t value) {
    Decimal number;
    bool isWhole = Decimal::read(tree.text(value), number) &&
                   number.isWhole() && !number.isZero() && !number.isNegative;
    uint64_t own = isWhole ? countOf(value) : 0;
    if (own == 0 || own > 1000000) {
      if (!failure)
        failure = refuse(value, "expected a whole number up to 1000000");
      return;
    }
    uint64_t a = divisor, b = own;
    while (b) {
      uint64_t rest = a % b;
      a = b;
      b = rest;
    }
    divisor = divisor / a * own;
    if (divisor > 1000000 && !failure)
      failure = refuse(value, "expected fewer multiples at a time");
  });
  range.divisor = static_cast<uint32_t>(divisor);
  return failure;
}

Failure SchemaCompiler::compileNumber(const Nodes &nodes, bool isWhole,
                                      Fragment body) {
  Bounds bounds;
  if (Failure failure = boundsOf(nodes, bounds))
    return failure;
  NumberRange &range = bounds.range;
  isWhole |= range.divisor > 1;
  if (!bounds.hasLow && !bounds.hasHigh && range.divisor == 1) {
    json.call(body.start, isWhole ? JsonRules::Integer : JsonRules::Number,
              body.end);
    return {};
  }
  range.isWhole = isWhole;
  if (isWhole) {
    Decimal low = range.low.ceiling(), high = range.high.floor();
    if (range.isLowOpen && low.compare(range.low) == 0)
      low = low.plus(1);
    if (range.isHighOpen && high.compare(range.high) == 0)
      high = high.plus(-1);
    range.low = low;
    range.high = high;
    range.isLowOpen = range.isHighOpen = false;
  }
  // A bound that is not given is far away: as far as any digits go, and a digit
  // farther than the other one.
  static constexpr char nines[] = "9999999999999999999999999999999999999999999";
  unsigned digits = freeDigits;
  for (const Decimal *bound : {&range.low, &range.high})
    if (bound->whole >= digits)
      digits = bound->whole + 1;
  Decimal far = Decimal::ofDigits({nines, digits});
  if (!bounds.hasHigh)
    range.high = far;
  if (!bounds.hasLow)
    range.low = far.negated();
  if (!addNumbers(builder, body.start, range, body.end))
    return refuse(nodes[0], "multipleOf is too large for so many digits");
  return {};
}
