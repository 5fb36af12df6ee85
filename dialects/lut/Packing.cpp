//===- Packing.cpp - Ternary weights as the bytes a kernel reads ----------===//

#include "dialects/lut/Packing.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace tritc::lut {

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Lane of a vector that holds row `row` (0..31): the inverse of rowOfLane.
static int64_t laneOfRow(int64_t row) {
  return row < 16 ? 2 * row : 2 * (row - 16) + 1;
}

const char *invalidReason(const PackingSpec &spec) {
  switch (spec.kind) {
  case PackingSpec::Codes:
    return spec.tileRows >= 1 ? nullptr : "codes needs at least one row a tile";
  case PackingSpec::SignedNibble:
    return spec.tileRows >= 1 && spec.tileRows % vectorRows == 0
               ? nullptr
               : "signed_nibble needs a multiple of 32 rows a tile";
  }
  return "unknown kind of packing";
}

int64_t tileBytes(const PackingSpec &spec, int64_t columns) {
  if (spec.kind == PackingSpec::Codes)
    return spec.tileRows * ceilDiv(columns, 4);
  return ceilDiv(columns, blockColumns) * (spec.tileRows / vectorRows) *
         vectorBlockBytes;
}

int64_t tileCount(const PackingSpec &spec, int64_t rows) {
  return ceilDiv(rows, spec.tileRows);
}

int64_t matrixBytes(const PackingSpec &spec, int64_t rows, int64_t columns) {
  return (tileCount(spec, rows) * tileBytes(spec, columns) + 3) / 4 * 4;
}

//===----------------------------------------------------------------------===//
// Codes
//===----------------------------------------------------------------------===//

static void packCodes(const int8_t *rows, int64_t rowCount, int64_t columns,
                      uint8_t *out) {
  for (int64_t row = 0; row < rowCount; ++row, rows += columns) {
    int64_t column = 0;
    for (; column + 4 <= columns; column += 4)
      *out++ =
          uint8_t((rows[column] + 1) | (rows[column + 1] + 1) << 2 |
                  (rows[column + 2] + 1) << 4 | (rows[column + 3] + 1) << 6);
    if (column == columns)
      continue;
    uint8_t last = 0b01'01'01'01;
    for (int shift = 0; column < columns; ++column, shift += 2)
      last = uint8_t(last + (rows[column] << shift));
    *out++ = last;
  }
}

static void unpackCodes(const uint8_t *tile, int64_t rowCount, int64_t columns,
                        int8_t *rows) {
  int64_t rowBytes = ceilDiv(columns, 4);
  for (int64_t row = 0; row < rowCount; ++row)
    for (int64_t column = 0; column < columns; ++column)
      rows[row * columns + column] = int8_t(
          (tile[row * rowBytes + column / 4] >> (column % 4 * 2) & 3) - 1);
}

//===----------------------------------------------------------------------===//
// SignedNibble
//===----------------------------------------------------------------------===//

/// Packs 24 weights of one row: the sign byte to out[0], nibble byte p to
/// out[32 * (p + 1)]. `out` points at the row's lane of the block's signs.
static void packBlock(const int8_t *weights, uint8_t *out) {
  int t[blockGroups];
  for (int group = 0; group < blockGroups; ++group)
    t[group] = 9 * weights[3 * group] + 3 * weights[3 * group + 1] +
               weights[3 * group + 2];
  unsigned signs = 0;
  unsigned magnitude[blockGroups];
  for (int group = 0; group < blockGroups; ++group) {
    signs |= unsigned(t[group] < 0) << group;
    magnitude[group] = unsigned(t[group] < 0 ? -t[group] : t[group]);
  }
  out[0] = uint8_t(signs);
  for (int pair = 0; pair < blockGroups / 2; ++pair)
    out[vectorRows * (pair + 1)] =
        uint8_t(magnitude[2 * pair] | magnitude[2 * pair + 1] << 4);
}

static void packSignedNibble(const int8_t *rows, int64_t rowCount,
                             int64_t columns, uint8_t *out) {
  int64_t blockStride = rowCount / vectorRows * vectorBlockBytes;
  int64_t wholeBlocks = columns / blockColumns;
  int64_t tail = columns % blockColumns;
  for (int64_t row = 0; row < rowCount; ++row, rows += columns) {
    uint8_t *lane =
        out + row / vectorRows * vectorBlockBytes + laneOfRow(row % vectorRows);
    for (int64_t block = 0; block < wholeBlocks; ++block)
      packBlock(rows + block * blockColumns, lane + block * blockStride);
    if (tail == 0)
      continue;
    int8_t padded[blockColumns] = {};
    std::memcpy(padded, rows + wholeBlocks * blockColumns, size_t(tail));
    packBlock(padded, lane + wholeBlocks * blockStride);
  }
}

/// Splits t = 9a + 3b + c into balanced ternary digits.
static void splitGroup(int t, int8_t digits[3]) {
  int code = t + 13; // 9(a+1) + 3(b+1) + (c+1)
  digits[0] = int8_t(code / 9 - 1);
  digits[1] = int8_t(code / 3 % 3 - 1);
  digits[2] = int8_t(code % 3 - 1);
}

static void unpackSignedNibble(const uint8_t *tile, int64_t rowCount,
                               int64_t columns, int8_t *rows) {
  int64_t blockStride = rowCount / vectorRows * vectorBlockBytes;
  for (int64_t row = 0; row < rowCount; ++row, rows += columns) {
    const uint8_t *lane = tile + row / vectorRows * vectorBlockBytes +
                          laneOfRow(row % vectorRows);
    for (int64_t first = 0; first < columns; first += groupColumns) {
      int64_t group = first / groupColumns;
      const uint8_t *block = lane + group / blockGroups * blockStride;
      int64_t inBlock = group % blockGroups;
      int magnitude =
          block[vectorRows * (inBlock / 2 + 1)] >> (inBlock % 2 * 4) & 15;
      int8_t digits[3];
      splitGroup(block[0] >> inBlock & 1 ? -magnitude : magnitude, digits);
      std::copy_n(digits, std::min<int64_t>(groupColumns, columns - first),
                  rows + first);
    }
  }
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

void packTile(const PackingSpec &spec, const int8_t *rows, int64_t columns,
              uint8_t *out) {
  assert(!invalidReason(spec) && "the attribute's verifier checks the spec");
  if (spec.kind == PackingSpec::Codes)
    return packCodes(rows, spec.tileRows, columns, out);
  packSignedNibble(rows, spec.tileRows, columns, out);
}

void unpackTile(const PackingSpec &spec, const uint8_t *tile, int64_t columns,
                int8_t *rows) {
  assert(!invalidReason(spec) && "the attribute's verifier checks the spec");
  if (spec.kind == PackingSpec::Codes)
    return unpackCodes(tile, spec.tileRows, columns, rows);
  unpackSignedNibble(tile, spec.tileRows, columns, rows);
}

} // namespace tritc::lut
