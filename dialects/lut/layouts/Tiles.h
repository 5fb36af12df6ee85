//===- Tiles.h - A stored matrix by tiles ---------------------------------===//
#pragma once

#include <cstdint>
#include <optional>

namespace tritc::lut {

/// A matrix as it is stored, whatever its layout: tiles of whole rows, one
/// after the other. Rows that fill the last tile up are 0.
struct Tiles {
  int64_t rows;  ///< in a tile
  int64_t count; ///< of tiles
  int64_t bytes; ///< of a tile

  /// Bytes of all tiles, rounded up to a multiple of 4 so that f32 scales may
  /// follow them; nothing where they are more than 2^62.
  std::optional<int64_t> size() const {
    constexpr int64_t most = int64_t(1) << 62;
    int64_t product;
    if (__builtin_mul_overflow(count, bytes, &product) || product > most)
      return {};
    return (product + 3) / 4 * 4;
  }
};

} // namespace tritc::lut
