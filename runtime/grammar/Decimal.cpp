//===- Decimal.cpp - Numbers as they are written --------------------------===//

#include "runtime/grammar/Decimal.h"

#include <algorithm>
#include <cstring>

using namespace tritc;
using namespace tritc::grammar;

/// Removes zeros at both ends that say nothing.
void Decimal::strip() {
  while (part && digits[whole + part - 1] == '0')
    --part;
  unsigned zeros = 0;
  while (zeros < whole && digits[zeros] == '0')
    ++zeros;
  memmove(digits, digits + zeros, whole + part - zeros);
  whole -= zeros;
  if (isZero())
    isNegative = false;
}

bool Decimal::read(std::string_view text, Decimal &made) {
  made = Decimal();
  made.isNegative = text.starts_with('-');
  // Digits without the point, where the point is, and the power of ten.
  char all[256];
  size_t count = 0, point = SIZE_MAX, i = made.isNegative;
  for (; i < text.size() && (text[i] | 0x20) != 'e'; ++i) {
    if (text[i] == '.') {
      point = count;
      continue;
    }
    if (count == sizeof(all))
      return false;
    all[count++] = text[i];
  }
  point = std::min(point, count);
  long power = 0;
  if (i < text.size()) {
    ++i;
    bool isDown = text[i] == '-';
    i += text[i] == '-' || text[i] == '+';
    for (; i < text.size(); ++i)
      power = std::min(power * 10 + (text[i] - '0'), 100000L);
    power = isDown ? -power : power;
  }
  size_t first = 0;
  while (first < count && all[first] == '0')
    ++first;
  if (first == count) {
    made.isNegative = false;
    return true;
  }
  while (all[count - 1] == '0' && count > first + 1)
    --count;
  long end = static_cast<long>(point) + power; // digits in front of the point
  long behind = static_cast<long>(count) - end;
  long front = end - static_cast<long>(first);
  if (front > mostDigits || behind > mostDigits)
    return false;
  made.whole = static_cast<unsigned>(std::max(front, 0L));
  made.part = static_cast<unsigned>(std::max(behind, 0L));
  for (unsigned k = 0; k < made.whole + made.part; ++k) {
    long source = static_cast<long>(k) + end - static_cast<long>(made.whole);
    bool isThere =
        source >= static_cast<long>(first) && source < static_cast<long>(count);
    made.digits[k] = isThere ? all[source] : '0';
  }
  made.strip();
  return true;
}

Decimal Decimal::ofDigits(std::string_view whole, bool isNegative) {
  Decimal made;
  made.isNegative = isNegative;
  made.whole = static_cast<unsigned>(
      std::min<size_t>(whole.size(), sizeof(made.digits)));
  memcpy(made.digits, whole.data(), made.whole);
  made.strip();
  return made;
}

Decimal Decimal::negated() const {
  Decimal made = *this;
  made.isNegative = !isNegative && !isZero();
  return made;
}

Decimal Decimal::plus(int one) const {
  Decimal made = *this;
  bool grows = isNegative == (one < 0);
  if (isZero()) {
    made = ofDigits("1", one < 0);
    return made;
  }
  unsigned i = whole;
  if (grows) {
    while (i > 0 && made.digits[i - 1] == '9')
      made.digits[--i] = '0';
    if (i > 0) {
      ++made.digits[i - 1];
    } else {
      memmove(made.digits + 1, made.digits, whole);
      made.digits[0] = '1';
      ++made.whole;
    }
  } else {
    while (made.digits[i - 1] == '0')
      made.digits[--i] = '9';
    --made.digits[i - 1];
  }
  made.strip();
  return made;
}

Decimal Decimal::floor() const {
  if (isWhole())
    return *this;
  Decimal made = ofDigits(wholeText(), isNegative);
  return isNegative ? made.plus(-1) : made;
}

Decimal Decimal::ceiling() const { return negated().floor().negated(); }

int Decimal::compareSize(const Decimal &other) const {
  if (whole != other.whole)
    return whole < other.whole ? -1 : 1;
  unsigned count = whole + std::max(part, other.part);
  for (unsigned i = 0; i < count; ++i) {
    char mine = i < whole + part ? digits[i] : '0';
    char others = i < other.whole + other.part ? other.digits[i] : '0';
    if (mine != others)
      return mine < others ? -1 : 1;
  }
  return 0;
}

int Decimal::compare(const Decimal &other) const {
  if (isNegative != other.isNegative)
    return isNegative ? -1 : 1;
  return isNegative ? -compareSize(other) : compareSize(other);
}
