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

/// Rows that share a byte.
static int64_t positions(const PackingSpec &spec) {
  return spec.kind == PackingSpec::TritBytes ? tritPositions : codePositions;
}

static bool isForDots(const PackingSpec &spec) {
  return spec.kind == PackingSpec::DotCodes ||
         spec.kind == PackingSpec::TritBytes;
}

int64_t PackingSpec::rowMultiple() const {
  switch (kind) {
  case Codes:
    return 1;
  case SignedNibble:
  case IndexWords:
    return vectorRows;
  case DotCodes:
  case TritBytes:
    return positions(*this) * dotRows;
  }
  return 1;
}

int64_t PackingSpec::mostColumns() const {
  // 32 bits must hold 64 or 256 times a sum, which is at most 128 per column.
  if (kind == DotCodes)
    return (int64_t(1) << 18) - 1;
  return kind == TritBytes ? (int64_t(1) << 16) - 1 : INT64_MAX;
}

const char *invalidReason(const PackingSpec &spec) {
  bool hasDots = spec.dotRows > 0 && spec.dotColumns > 0 &&
                 dotBlockColumns % spec.dotRows == 0 &&
                 dotBlockColumns % spec.dotColumns == 0;
  bool hasNone = spec.dotRows == 0 && spec.dotColumns == 0;
  if (isForDots(spec) ? !hasDots : !hasNone)
    return "dot_codes and trit_bytes alone have dot_rows and dot_columns, "
           "which divide 16";
  if (spec.tileRows < 1 || spec.tileRows % spec.rowMultiple() != 0)
    return "rows is no positive multiple of what the packing keeps together";
  return nullptr;
}

int64_t tileBytes(const PackingSpec &spec, int64_t columns) {
  switch (spec.kind) {
  case PackingSpec::Codes:
    return spec.tileRows * ceilDiv(columns, 4);
  case PackingSpec::SignedNibble:
    return ceilDiv(columns, blockColumns) * (spec.tileRows / vectorRows) *
           vectorBlockBytes;
  case PackingSpec::IndexWords:
    return ceilDiv(columns, wordBlockColumns) * (spec.tileRows / vectorRows) *
           wordVectorBlockBytes;
  case PackingSpec::DotCodes:
  case PackingSpec::TritBytes:
    return ceilDiv(columns, dotBlockColumns) * dotBlockColumns *
           (spec.tileRows / positions(spec));
  }
  return 0;
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

/// Splits t = 9a + 3b + c into balanced ternary digits.
static void splitGroup(int t, int8_t digits[3]) {
  int code = t + 13; // 9(a+1) + 3(b+1) + (c+1)
  digits[0] = int8_t(code / 9 - 1);
  digits[1] = int8_t(code / 3 % 3 - 1);
  digits[2] = int8_t(code % 3 - 1);
}

/// t of group `group` (0..7); `lane` as in packBlock.
static int patternOfBlock(const uint8_t *lane, int64_t group) {
  int magnitude = lane[vectorRows * (group / 2 + 1)] >> (group % 2 * 4) & 15;
  return lane[0] >> group & 1 ? -magnitude : magnitude;
}

//===----------------------------------------------------------------------===//
// IndexWords
//===----------------------------------------------------------------------===//

/// Packs 48 weights of one row; word w goes to out + 2 * vectorRows * w.
static void packWordBlock(const int8_t *weights, uint8_t *out) {
  auto index = [&](int64_t group) {
    const int8_t *w = weights + groupColumns * group;
    return unsigned(9 * w[0] + 3 * w[1] + w[2] + 13);
  };
  unsigned last = index(wordBlockGroups - 1);
  for (int64_t word = 0; word < blockWords; ++word) {
    unsigned value = index(3 * word) | index(3 * word + 1) << 5 |
                     index(3 * word + 2) << 10 |
                     (last >> (blockWords - 1 - word) & 1) << 15;
    out[2 * vectorRows * word] = uint8_t(value);
    out[2 * vectorRows * word + 1] = uint8_t(value >> 8);
  }
}

/// t of group `group` (0..15); `lane` as in packWordBlock.
static int patternOfWordBlock(const uint8_t *lane, int64_t group) {
  auto word = [&](int64_t w) {
    return lane[2 * vectorRows * w] | unsigned(lane[2 * vectorRows * w + 1])
                                          << 8;
  };
  unsigned index = 0;
  if (group < wordBlockGroups - 1)
    index = word(group / 3) >> (group % 3 * 5) & 31;
  else
    for (int64_t w = 0; w < blockWords; ++w)
      index = index << 1 | word(w) >> 15;
  return int(index) - 13;
}

//===----------------------------------------------------------------------===//
// Blocks of groups, rows in lanes
//===----------------------------------------------------------------------===//

namespace {
/// What differs between the packings of groups.
struct LaneLayout {
  int64_t blockColumns;
  int64_t vectorBlockBytes;         ///< one block of one vector of rows
  int64_t (*laneByte)(int64_t row); ///< first byte of a row of a vector
  void (*pack)(const int8_t *weights, uint8_t *lane);
  int (*patternAt)(const uint8_t *lane, int64_t group);
};
} // namespace

static int64_t laneByteOfWords(int64_t row) { return 2 * row; }

static constexpr LaneLayout nibbleLayout = {
    blockColumns, vectorBlockBytes, laneOfRow, packBlock, patternOfBlock};
static constexpr LaneLayout wordLayout = {wordBlockColumns,
                                          wordVectorBlockBytes, laneByteOfWords,
                                          packWordBlock, patternOfWordBlock};

template <const LaneLayout &layout>
static void packLanes(const int8_t *rows, int64_t rowCount, int64_t columns,
                      uint8_t *out) {
  int64_t blockStride = rowCount / vectorRows * layout.vectorBlockBytes;
  int64_t wholeBlocks = columns / layout.blockColumns;
  int64_t tail = columns % layout.blockColumns;
  for (int64_t row = 0; row < rowCount; ++row, rows += columns) {
    uint8_t *lane = out + row / vectorRows * layout.vectorBlockBytes +
                    layout.laneByte(row % vectorRows);
    for (int64_t block = 0; block < wholeBlocks; ++block)
      layout.pack(rows + block * layout.blockColumns,
                  lane + block * blockStride);
    if (tail == 0)
      continue;
    int8_t padded[std::max(blockColumns, wordBlockColumns)] = {};
    std::memcpy(padded, rows + wholeBlocks * layout.blockColumns, size_t(tail));
    layout.pack(padded, lane + wholeBlocks * blockStride);
  }
}

template <const LaneLayout &layout>
static void unpackLanes(const uint8_t *tile, int64_t rowCount, int64_t columns,
                        int8_t *rows) {
  int64_t blockStride = rowCount / vectorRows * layout.vectorBlockBytes;
  int64_t groups = layout.blockColumns / groupColumns;
  for (int64_t row = 0; row < rowCount; ++row, rows += columns) {
    const uint8_t *lane = tile + row / vectorRows * layout.vectorBlockBytes +
                          layout.laneByte(row % vectorRows);
    for (int64_t first = 0; first < columns; first += groupColumns) {
      int64_t group = first / groupColumns;
      int8_t digits[3];
      splitGroup(
          layout.patternAt(lane + group / groups * blockStride, group % groups),
          digits);
      std::copy_n(digits, std::min<int64_t>(groupColumns, columns - first),
                  rows + first);
    }
  }
}

//===----------------------------------------------------------------------===//
// DotCodes and TritBytes
//===----------------------------------------------------------------------===//

namespace {
/// Where the weights of a row stand.
struct DotRow {
  const PackingSpec &spec;
  int64_t firstByte; ///< of its column 0
  int64_t position;  ///< in its bytes

  DotRow(const PackingSpec &spec, int64_t row) : spec(spec) {
    int64_t inVector = row % spec.rowMultiple();
    firstByte = row / spec.rowMultiple() * spec.dotRows * spec.dotColumns +
                inVector % spec.dotRows * spec.dotColumns;
    position = inVector / spec.dotRows;
  }

  int64_t byte(int64_t column) const {
    int64_t stride = spec.tileRows / positions(spec) * spec.dotColumns;
    return firstByte + column / spec.dotColumns * stride +
           column % spec.dotColumns;
  }
};
} // namespace

static constexpr int64_t powersOf3[] = {81, 27, 9, 3, 1};

/// round(256 x / 243) of x in -121..121; there are no ties.
static int8_t fractionOf(int x) {
  int rounded = (512 * (x + 243) + 243) / 486 - 256;
  return int8_t(rounded);
}

static void packForDots(const PackingSpec &spec, const int8_t *rows,
                        int64_t columns, uint8_t *out) {
  bool isTrits = spec.kind == PackingSpec::TritBytes;
  int64_t padded = ceilDiv(columns, dotBlockColumns) * dotBlockColumns;
  int64_t bytes = tileBytes(spec, columns);
  std::memset(out, 0, size_t(bytes));
  for (int64_t row = 0; row < spec.tileRows; ++row, rows += columns) {
    DotRow place(spec, row);
    bool isLast = place.position == codePositions - 1;
    for (int64_t column = 0; column < padded; ++column) {
      int weight = column < columns ? rows[column] : 0;
      uint8_t &byte = out[place.byte(column)];
      if (isTrits)
        byte = uint8_t(byte + weight * powersOf3[place.position]);
      else
        byte |=
            uint8_t((isLast ? weight & 3 : weight + 1) << (2 * place.position));
    }
  }
  if (isTrits)
    for (int64_t i = 0; i < bytes; ++i)
      out[i] = uint8_t(fractionOf(int8_t(out[i])));
}

/// The weight at `position` of a byte of TritBytes.
static int8_t tritAt(uint8_t byte, int64_t position) {
  int q = int8_t(byte);
  for (int64_t i = 0;; ++i) {
    int next = int8_t(uint8_t(3 * q));
    if (i == position)
      return int8_t((3 * q - next) / 256);
    q = next;
  }
}

static void unpackForDots(const PackingSpec &spec, const uint8_t *tile,
                          int64_t columns, int8_t *rows) {
  for (int64_t row = 0; row < spec.tileRows; ++row, rows += columns) {
    DotRow place(spec, row);
    for (int64_t column = 0; column < columns; ++column) {
      uint8_t byte = tile[place.byte(column)];
      int code = byte >> (2 * place.position) & 3;
      if (spec.kind == PackingSpec::TritBytes)
        rows[column] = tritAt(byte, place.position);
      else if (place.position == codePositions - 1)
        rows[column] = int8_t(code == 3 ? -1 : code);
      else
        rows[column] = int8_t(code - 1);
    }
  }
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

void packTile(const PackingSpec &spec, const int8_t *rows, int64_t columns,
              uint8_t *out) {
  assert(!invalidReason(spec) && "the attribute's verifier checks the spec");
  switch (spec.kind) {
  case PackingSpec::Codes:
    return packCodes(rows, spec.tileRows, columns, out);
  case PackingSpec::SignedNibble:
    return packLanes<nibbleLayout>(rows, spec.tileRows, columns, out);
  case PackingSpec::IndexWords:
    return packLanes<wordLayout>(rows, spec.tileRows, columns, out);
  case PackingSpec::DotCodes:
  case PackingSpec::TritBytes:
    return packForDots(spec, rows, columns, out);
  }
}

void unpackTile(const PackingSpec &spec, const uint8_t *tile, int64_t columns,
                int8_t *rows) {
  assert(!invalidReason(spec) && "the attribute's verifier checks the spec");
  switch (spec.kind) {
  case PackingSpec::Codes:
    return unpackCodes(tile, spec.tileRows, columns, rows);
  case PackingSpec::SignedNibble:
    return unpackLanes<nibbleLayout>(tile, spec.tileRows, columns, rows);
  case PackingSpec::IndexWords:
    return unpackLanes<wordLayout>(tile, spec.tileRows, columns, rows);
  case PackingSpec::DotCodes:
  case PackingSpec::TritBytes:
    return unpackForDots(spec, tile, columns, rows);
  }
}

} // namespace tritc::lut
