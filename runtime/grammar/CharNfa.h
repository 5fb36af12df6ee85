//===- CharNfa.h - Sets of texts, by characters ---------------------------===//
#pragma once

#include "runtime/grammar/CharSet.h"

#include <string_view>

namespace tritc::grammar {

/// An automaton whose steps are characters: what a pattern or a length says of
/// a string, before its characters are spelled as JSON has them.
class CharNfa {
public:
  struct Step {
    uint32_t from, to;
    CharRange range;
  };
  struct Jump {
    uint32_t from, to;
  };
  static constexpr size_t mostStates = 50000;
  static constexpr size_t mostSteps = 1000000;

  uint32_t state() { return stateCount++; }
  void step(uint32_t from, CharRange range, uint32_t to) {
    steps.push({from, to, range});
  }
  void step(uint32_t from, std::span<const CharRange> ranges, uint32_t to) {
    for (CharRange range : ranges)
      step(from, range, to);
  }
  void jump(uint32_t from, uint32_t to) { jumps.push({from, to}); }
  bool isTooLarge() const {
    return stateCount > mostStates || steps.size() + jumps.size() > mostSteps;
  }

  /// Whether `text`, UTF-8, is in it.
  bool has(std::string_view text) const;
  /// Whether no text is in it.
  bool isNothing() const;

  /// Texts of `least` to `most` characters; UINT32_MAX for no end. False if
  /// that takes too many states.
  static bool ofLength(uint32_t least, uint32_t most, CharNfa &made);
  /// Exactly these texts.
  static CharNfa ofTexts(std::span<const std::string_view> texts);
  /// All but these texts.
  static CharNfa butTexts(std::span<const std::string_view> texts);
  /// What is in both. False if that takes too many states.
  static bool both(const CharNfa &a, const CharNfa &b, CharNfa &made);

  uint32_t start = 0, end = 0;
  uint32_t stateCount = 0;
  base::Array<Step> steps;
  base::Array<Jump> jumps;

private:
  CharNfa copy() const;
};

} // namespace tritc::grammar
