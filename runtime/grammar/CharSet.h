//===- CharSet.h - A set of characters ------------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <cstdint>
#include <span>

namespace tritc::grammar {

/// First and last code point.
struct CharRange {
  uint32_t first, last;
};

/// Code points, as ranges. Surrogates are in none: no text has them.
class CharSet {
public:
  static constexpr uint32_t largest = 0x10ffff;

  void add(uint32_t first, uint32_t last) { found.push({first, last}); }
  void add(std::span<const CharRange> ranges) { found.append(ranges); }
  /// Sorts and merges what was added. Call it before anything below.
  void settle();
  /// Everything that is not in it. \pre settled
  void complement();
  std::span<const CharRange> ranges() const { return found; }
  bool empty() const { return found.empty(); }
  void clear() { found.clear(); }

private:
  base::Array<CharRange> found;
};

/// Every character.
inline constexpr CharRange everyChar[] = {{0, 0xd7ff},
                                          {0xe000, CharSet::largest}};

} // namespace tritc::grammar
