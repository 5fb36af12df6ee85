//===- ScaledRows.cpp - Rows of small integers as the bytes a head reads --===//

#include "dialects/lut/layouts/ScaledRows.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tritc::lut {

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t scaledBlockCount(int64_t columns) {
  return ceilDiv(columns, scaledBlockColumns);
}

int64_t scaledTileScales(int64_t bits, int64_t columns) {
  return scaledTileRows * scaledBlockCount(columns) * scaledBlockBytes(bits);
}

int64_t scaledTileBytes(int64_t bits, int64_t columns) {
  constexpr int64_t scaleBytes = scaledTileRows * int64_t(sizeof(float));
  return ceilDiv(scaledTileScales(bits, columns) + scaleBytes, 64) * 64;
}

Tiles scaledTiles(int64_t bits, int64_t rows, int64_t columns) {
  return {scaledTileRows, ceilDiv(rows, scaledTileRows),
          scaledTileBytes(bits, columns)};
}

float roundRow(int64_t bits, const float *row, int64_t columns, int8_t *out) {
#pragma clang fp contract(off)
  // Largest of the bits without sign: floats order like integers.
  uint32_t largest = 0;
  for (int64_t column = 0; column < columns; ++column) {
    uint32_t word;
    std::memcpy(&word, row + column, sizeof(word));
    largest = std::max(largest, word & 0x7fffffffu);
  }
  float m;
  std::memcpy(&m, &largest, sizeof(m));
  m = std::max(m, 1e-30f);
  float limit = float(scaledLimit(bits));
  float factor = limit / m;
  // 1.5 * 2^23 rounds to the nearest even integer, found in the low bits.
  constexpr float magic = 12582912.0f;
  for (int64_t column = 0; column < columns; ++column) {
    float shifted = row[column] * factor + magic;
    uint32_t word;
    std::memcpy(&word, &shifted, sizeof(word));
    out[column] = int8_t(uint8_t(word));
  }
  return m / limit;
}

/// One row's 64 integers of a block as 48 bytes.
static void packSixBits(const int8_t *row, uint8_t *out) {
  uint8_t codes[scaledBlockColumns];
  for (int64_t i = 0; i < scaledBlockColumns; ++i)
    codes[i] = uint8_t(row[i] + sixBitOffset);
  for (int64_t i = 0; i < 32; ++i)
    out[i] = uint8_t((codes[i] & 15) | codes[32 + i] << 4);
  for (int64_t i = 0; i < 16; ++i)
    out[32 + i] = uint8_t(codes[i] >> 4 | codes[16 + i] >> 4 << 2 |
                          codes[32 + i] >> 4 << 4 | codes[48 + i] >> 4 << 6);
}

static int8_t sixBitsAt(const uint8_t *row, int64_t i) {
  int nibble = row[i % 32] >> (i / 32 * 4) & 15;
  int high = row[32 + i % 16] >> (i / 16 * 2) & 3;
  return int8_t((nibble | high << 4) - sixBitOffset);
}

static void storeFloat(uint8_t *out, float value) {
  uint32_t word;
  std::memcpy(&word, &value, sizeof(word));
  for (int byte = 0; byte < 4; ++byte)
    out[byte] = uint8_t(word >> 8 * byte);
}

static float loadFloat(const uint8_t *bytes) {
  uint32_t word = 0;
  for (int byte = 0; byte < 4; ++byte)
    word |= uint32_t(bytes[byte]) << 8 * byte;
  float value;
  std::memcpy(&value, &word, sizeof(value));
  return value;
}

void packScaledTile(int64_t bits, const int8_t *rows, const float *scales,
                    int64_t columns, uint8_t *out) {
  uint8_t *end = out + scaledTileBytes(bits, columns);
  for (int64_t first = 0; first < columns; first += scaledBlockColumns)
    for (int64_t row = 0; row < scaledTileRows; ++row) {
      int8_t block[scaledBlockColumns] = {};
      std::copy_n(rows + row * columns + first,
                  std::min(scaledBlockColumns, columns - first), block);
      if (bits == 8)
        std::memcpy(out, block, sizeof(block));
      else
        packSixBits(block, out);
      out += scaledBlockBytes(bits);
    }
  for (int64_t row = 0; row < scaledTileRows; ++row, out += sizeof(float))
    storeFloat(out, scales[row]);
  std::fill(out, end, uint8_t(0));
}

void unpackScaledTile(int64_t bits, const uint8_t *tile, int64_t columns,
                      int8_t *rows, float *scales) {
  for (int64_t row = 0; row < scaledTileRows; ++row)
    scales[row] = loadFloat(tile + scaledTileScales(bits, columns) +
                            row * int64_t(sizeof(float)));
  for (int64_t column = 0; column < columns; ++column)
    for (int64_t row = 0; row < scaledTileRows; ++row) {
      const uint8_t *block =
          tile + (column / scaledBlockColumns * scaledTileRows + row) *
                     scaledBlockBytes(bits);
      int64_t at = column % scaledBlockColumns;
      rows[row * columns + column] =
          bits == 8 ? int8_t(block[at]) : sixBitsAt(block, at);
    }
}

} // namespace tritc::lut
