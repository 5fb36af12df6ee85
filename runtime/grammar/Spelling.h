//===- Spelling.h - Characters as bytes -----------------------------------===//
#pragma once

#include "runtime/grammar/Builder.h"
#include "runtime/grammar/CharSet.h"

namespace tritc::grammar {

/// Writes steps by characters as steps by bytes.
class Spelling {
public:
  explicit Spelling(Builder &builder) : builder(builder) {}

  /// A character of `ranges`, in UTF-8.
  void plain(uint32_t from, std::span<const CharRange> ranges, uint32_t to);

  /// A character of `ranges` as it stands in a string of JSON, in one way:
  /// escaped only where it must be, then shortly if there is a short escape.
  void inJson(uint32_t from, std::span<const CharRange> ranges, uint32_t to);

  /// Any character as it may stand in a string of JSON, with all escapes but
  /// those of half a character.
  void anyInJson(uint32_t from, uint32_t to);

private:
  void range(uint32_t from, CharRange range, uint32_t to);
  void sequence(uint32_t from, CharRange range, uint32_t to);
  uint32_t behindAny(unsigned count, uint32_t to);
  void hex(uint32_t from, uint8_t first, uint8_t last, uint32_t to);
  void control(uint32_t from, uint8_t value, uint32_t to);

  Builder &builder;
  /// States from which 1 to 3 of any following bytes lead to `tailTarget`.
  uint32_t tailTarget = UINT32_MAX;
  uint32_t tails[4] = {};
};

} // namespace tritc::grammar
