//===- BlockedRows.h - Quantized blocks as the bytes a head reads ---------===//
//
// Pure functions between rows of integers with scales along them and the tiles
// of a blocked matrix (!bitnet.blocked): the only place that knows the meaning
// of their bytes.
//
// A matrix of N rows and K columns becomes ceil(N / 2) tiles, one after the
// other, read from the first byte to the last. A tile holds 2 consecutive rows,
// cut into blocks; a block holds the words of the first row and of the second,
// then the int8 scales of either, if there are any. After its blocks a tile has
// the f16 steps of each block, row after row, and zeros up to a multiple of 64
// bytes. Rows beyond N are 0. (Tiles of four rows ask for more than 16
// registers: AVX2 took a quarter longer, AVX-512 as long.)
//
// Sixteen columns side by side are a group; lane i of a vector of 16 words of
// 32 bits holds column i of several groups, as fields of q + 2^(bits - 1), the
// first in the lowest bits:
//   8 bits: one vector of 4 groups, a block of 64 columns with 2 steps;
//   6 bits: three vectors of 5 groups, and the two bits above the last of them
//           are the sixteenth: a block of 256 columns with 16 scales and a
//           step.
// A kernel takes a field by a mask, without a shift: the power of two that it
// is multiplied by goes into the scale.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/lut/layouts/Tiles.h"

#include <cstdint>

namespace tritc::lut {

inline constexpr int64_t blockedTileRows = 2;
inline constexpr int64_t blockedGroupColumns = 16;

/// A row's part of a block.
struct BlockedShape {
  int64_t bits;    ///< of an integer, 6 or 8
  int64_t columns; ///< of a block
  int64_t words;   ///< vectors of 16 words
  int64_t scales;  ///< int8, one per group, or none
  int64_t steps;   ///< f16, each of as many columns as the others

  constexpr int64_t groups() const { return columns / blockedGroupColumns; }
  /// Groups that are fields of one word; a group beyond those of all words is
  /// made of the bits above them.
  constexpr int64_t groupsInWord() const { return 32 / bits; }
  /// What is added to an integer to make its field.
  constexpr int64_t offset() const { return int64_t(1) << (bits - 1); }
  constexpr int64_t stepColumns() const { return columns / steps; }
  constexpr int64_t wordBytes() const { return words * 64; }
};

constexpr BlockedShape blockedShape(int64_t bits) {
  return bits == 6 ? BlockedShape{6, 256, 3, 16, 1}
                   : BlockedShape{8, 64, 1, 0, 2};
}

/// Blocks of a row of `columns` (K) columns, which are whole blocks.
int64_t blockedBlockCount(int64_t bits, int64_t columns);
/// Bytes of a block of a tile; where its scales begin.
int64_t blockedBlockBytes(int64_t bits);
int64_t blockedBlockScales(int64_t bits);
/// Bytes of one tile up to its steps.
int64_t blockedTileSteps(int64_t bits, int64_t columns);
/// Bytes of one tile.
int64_t blockedTileBytes(int64_t bits, int64_t columns);
/// The tiles of a matrix of `rows` (N) by `columns` (K).
Tiles blockedTiles(int64_t bits, int64_t rows, int64_t columns);

/// Rows in the order of their columns: integers[row * K + column], scales[row *
/// K / 16 + group] (unused with 8 bits), steps[row * K / stepColumns() + i],
/// the bits of f16.
template <typename Byte, typename Half>
struct BlockedRowsOf {
  Byte *integers;
  Byte *scales;
  Half *steps;
};
using BlockedRows = BlockedRowsOf<int8_t, uint16_t>;
using ConstBlockedRows = BlockedRowsOf<const int8_t, const uint16_t>;

/// Packs one tile.
/// \param rows two; the caller fills rows beyond the matrix with zeros
/// \param out  blockedTileBytes(bits, columns) bytes, all of them written
void packBlockedTile(int64_t bits, const ConstBlockedRows &rows,
                     int64_t columns, uint8_t *out);

/// Inverse of packBlockedTile.
void unpackBlockedTile(int64_t bits, const uint8_t *tile, int64_t columns,
                       const BlockedRows &rows);

} // namespace tritc::lut
