//===- ScaledRows.h - Rows of small integers as the bytes a head reads ----===//
//
// Pure functions between rows of integers and the tiles of a scaled matrix
// (!bitnet.scaled): the only place that knows the meaning of their bytes.
//
// A matrix of N rows and K columns becomes ceil(N / 4) tiles, one after the
// other, read from the first byte to the last: a tile holds 4 consecutive rows,
// cut into blocks of 64 columns; a block holds its columns of the first row,
// then of the second, and so on. After its blocks a tile has the f32 scales of
// its rows, and zeros up to a multiple of 64 bytes. Rows beyond N and columns
// beyond K are 0.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/lut/layouts/Tiles.h"

#include <cstdint>

namespace tritc::lut {

inline constexpr int64_t scaledTileRows = 4;
inline constexpr int64_t scaledBlockColumns = 64;

/// Bytes of one row of a block. 8 bits: one byte a column. 6 bits: the integer
/// plus 32 is a code of a nibble and two high bits;
///   32 bytes, byte i: nibbles of columns i (low) and 32 + i (high)
///   16 bytes, byte i: high bits of columns i, 16 + i, 32 + i, 48 + i, from low
constexpr int64_t scaledBlockBytes(int64_t bits) {
  return scaledBlockColumns * bits / 8;
}

/// What is added to a 6-bit integer to make its code.
inline constexpr int64_t sixBitOffset = 32;

/// Largest magnitude of an integer: 127 or 31.
constexpr int64_t scaledLimit(int64_t bits) {
  return (int64_t(1) << (bits - 1)) - 1;
}

/// Blocks of a row of `columns` (K) columns.
int64_t scaledBlockCount(int64_t columns);
/// Bytes of one tile up to its scales.
int64_t scaledTileScales(int64_t bits, int64_t columns);
/// Bytes of one tile.
int64_t scaledTileBytes(int64_t bits, int64_t columns);
/// The tiles of a matrix of `rows` (N) by `columns` (K).
Tiles scaledTiles(int64_t bits, int64_t rows, int64_t columns);

/// Rounds one row; the formula of !bitnet.scaled. \returns its scale.
/// \param out [columns]
float roundRow(int64_t bits, const float *row, int64_t columns, int8_t *out);

/// Packs one tile.
/// \param rows   [4 x columns]; the caller fills rows beyond the matrix with
///               zeros
/// \param scales [4]
/// \param out    scaledTileBytes(bits, columns) bytes, all of them written
void packScaledTile(int64_t bits, const int8_t *rows, const float *scales,
                    int64_t columns, uint8_t *out);

/// Inverse of packScaledTile; padding columns are dropped.
void unpackScaledTile(int64_t bits, const uint8_t *tile, int64_t columns,
                      int8_t *rows, float *scales);

} // namespace tritc::lut
