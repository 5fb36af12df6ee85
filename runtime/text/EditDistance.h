//===- EditDistance.h - How far a word is from another --------------------===//
#pragma once

#include <cstddef>
#include <string_view>

namespace tritc::text {

/// Words of more bytes are not compared.
inline constexpr size_t longestComparedWord = 32;

/// Letters to add, to drop, to exchange for another or with their neighbour
/// until `from` is `to`. \pre neither is longer than longestComparedWord
size_t editDistance(std::string_view from, std::string_view to);

} // namespace tritc::text
