//===- Digits.cpp - Numbers between two numbers ---------------------------===//
//
// Digits are compared with those of the bounds as they come: while a number is
// as long as a bound and has begun like it, the next digit may not pass the
// bound's; from the first one that differs on, anything goes.
//
//===----------------------------------------------------------------------===//

#include "runtime/grammar/Digits.h"
#include "runtime/grammar/Table.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;

namespace {
/// How far a number has come.
struct Progress {
  uint32_t length;    ///< digits in front of the point in all; 0 if no digits
                      ///< may come behind it
  uint32_t done;      ///< digits left in front of the point, or, with isPart,
                      ///< written behind it
  uint32_t remainder; ///< of what was written, by the divisor
  bool isPart, atLow, atHigh;

  bool operator==(const Progress &) const = default;
  uint64_t hash() const {
    uint64_t hash = Table::mix(length, done);
    return Table::mix(hash,
                      remainder * 8ull + isPart * 4u + atLow * 2u + atHigh);
  }
};

/// Numbers that are not negative.
class DigitWriter {
public:
  DigitWriter(Builder &builder, const NumberRange &range, uint32_t to)
      : builder(builder), range(range), to(to) {}

  /// False if there are too many states.
  bool write(uint32_t from);

private:
  static constexpr size_t mostStates = 100000;

  uint32_t stateOf(const Progress &progress);
  void addDigits(uint32_t from, const Progress &progress, unsigned first);
  void addEnd(uint32_t from, const Progress &progress);
  unsigned partDigits(const Progress &progress) const {
    return range.isWhole || progress.length >= freeDigits
               ? 0
               : freeDigits - progress.length;
  }

  Builder &builder;
  const NumberRange &range;
  uint32_t to;
  base::Array<Progress> reached;
  base::Array<uint32_t> states;
  Table table;
};
} // namespace

uint32_t DigitWriter::stateOf(const Progress &progress) {
  uint64_t hash = progress.hash();
  uint32_t known =
      table.find(hash, [&](uint32_t i) { return reached[i] == progress; });
  if (known != Table::none)
    return states[known];
  table.insert(hash, static_cast<uint32_t>(reached.size()));
  reached.push(progress);
  states.push(builder.state());
  return states.back();
}

/// Steps by one more digit, from `first` on.
void DigitWriter::addDigits(uint32_t from, const Progress &progress,
                            unsigned first) {
  auto digitOf = [&](const Decimal &bound) {
    if (progress.isPart)
      return bound.partAt(progress.done);
    std::string_view whole = bound.wholeText();
    return static_cast<unsigned>(whole[whole.size() - progress.done] - '0');
  };
  unsigned low = progress.atLow ? digitOf(range.low) : 0;
  unsigned high = progress.atHigh ? digitOf(range.high) : 9;
  for (unsigned digit = std::max(first, low); digit <= high; ++digit) {
    Progress next = progress;
    next.done = progress.isPart ? progress.done + 1 : progress.done - 1;
    next.atLow = progress.atLow && digit == low;
    next.atHigh = progress.atHigh && digit == high;
    next.remainder = static_cast<uint32_t>(
        (uint64_t{progress.remainder} * 10 + digit) % range.divisor);
    uint8_t byte = static_cast<uint8_t>('0' + digit);
    builder.bytes(from, byte, byte, stateOf(next));
  }
}

/// The number may end there, if it is within the bounds then; or digits behind
/// the point begin.
void DigitWriter::addEnd(uint32_t from, const Progress &progress) {
  unsigned written = progress.isPart ? progress.done : 0;
  bool isLow = progress.atLow, isHigh = progress.atHigh;
  // What follows counts as zeros.
  bool isBelow = isLow && (range.low.part > written || range.isLowOpen);
  bool isAbove = isHigh && range.high.part <= written && range.isHighOpen;
  if (!isBelow && !isAbove && progress.remainder == 0)
    builder.jump(from, to);
  if (progress.isPart || partDigits(progress) == 0)
    return;
  Progress behind = progress;
  behind.isPart = true;
  behind.done = 0;
  builder.bytes(from, '.', '.', stateOf(behind));
}

bool DigitWriter::write(uint32_t from) {
  unsigned lowLength = static_cast<unsigned>(range.low.wholeText().size());
  unsigned highLength = static_cast<unsigned>(range.high.wholeText().size());
  for (unsigned length = lowLength; length <= highLength; ++length)
    addDigits(from,
              {.length = range.isWhole ? 0 : length,
               .done = length,
               .remainder = 0,
               .isPart = false,
               .atLow = length == lowLength,
               .atHigh = length == highLength},
              length > 1 ? 1 : 0);
  for (size_t i = 0; i < reached.size(); ++i) {
    if (reached.size() > mostStates)
      return false;
    Progress progress = reached[i];
    uint32_t state = states[i];
    if (!progress.isPart && progress.done > 0) {
      addDigits(state, progress, 0);
      continue;
    }
    if (!progress.isPart || progress.done > 0)
      addEnd(state, progress);
    if (progress.isPart && progress.done < partDigits(progress))
      addDigits(state, progress, 0);
  }
  return true;
}

bool grammar::addNumbers(Builder &builder, uint32_t from,
                         const NumberRange &range, uint32_t to) {
  Decimal zero;
  if (range.high.compare(zero) >= 0) {
    NumberRange positive = range;
    if (range.low.isNegative) {
      positive.low = zero;
      positive.isLowOpen = false;
    }
    if (!DigitWriter(builder, positive, to).write(from))
      return false;
  }
  if (!range.low.isNegative)
    return true;
  // The size of a negative number is between the bounds turned around.
  NumberRange negative = range;
  negative.high = range.low.negated();
  negative.isHighOpen = range.isLowOpen;
  negative.low = range.high.isNegative ? range.high.negated() : zero;
  negative.isLowOpen = !range.high.isNegative || range.isHighOpen;
  uint32_t minus = builder.state();
  builder.bytes(from, '-', '-', minus);
  return DigitWriter(builder, negative, to).write(minus);
}
