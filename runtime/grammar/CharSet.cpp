//===- CharSet.cpp - A set of characters ----------------------------------===//

#include "runtime/grammar/CharSet.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;

void CharSet::settle() {
  std::sort(found.begin(), found.end(), [](CharRange a, CharRange b) {
    return a.first < b.first || (a.first == b.first && a.last < b.last);
  });
  base::Array<CharRange> settled;
  auto addOutside = [&](uint32_t first, uint32_t last) {
    if (first > last)
      return;
    if (!settled.empty() && first <= settled.back().last + 1)
      settled.back().last = std::max(settled.back().last, last);
    else
      settled.push({first, last});
  };
  for (CharRange range : found) {
    addOutside(range.first, std::min(range.last, 0xd7ffu));
    addOutside(std::max(range.first, 0xe000u), std::min(range.last, largest));
  }
  found = static_cast<base::Array<CharRange> &&>(settled);
}

void CharSet::complement() {
  base::Array<CharRange> kept = static_cast<base::Array<CharRange> &&>(found);
  uint32_t next = 0;
  for (CharRange range : kept) {
    if (range.first > next)
      found.push({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= largest)
    found.push({next, largest});
  settle();
}
