//===- Packing.cpp - Ternary weights as the bytes a kernel reads ----------===//

#include "dialects/lut/Packing.h"
#include "dialects/lut/GroupSums.h"

#include <algorithm>
#include <array>
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

/// Packs the eight t of one row: the sign byte to out[0], nibble byte p to
/// out[32 * (p + 1)]. `out` points at the row's lane of the block's signs.
static void packBlock(const int8_t *t, uint8_t *out) {
  uint8_t signs = 0;
  uint8_t magnitude[blockGroups];
  for (int group = 0; group < blockGroups; ++group) {
    signs = uint8_t(signs | (t[group] < 0) << group);
    magnitude[group] = uint8_t(t[group] < 0 ? -t[group] : t[group]);
  }
  out[0] = signs;
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

/// Packs the sixteen t of one row; word w goes to out + 2 * vectorRows * w.
static void packWordBlock(const int8_t *t, uint8_t *out) {
  auto index = [&](int64_t group) { return unsigned(t[group] + 13); };
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
  void (*pack)(const int8_t *t, uint8_t *lane);
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
  static_assert(groupSumColumns % layout.blockColumns == 0);
  int64_t blockStride = rowCount / vectorRows * layout.vectorBlockBytes;
  int64_t groups = layout.blockColumns / groupColumns;
  for (int64_t row = 0; row < rowCount; ++row, rows += columns) {
    uint8_t *lane = out + row / vectorRows * layout.vectorBlockBytes +
                    layout.laneByte(row % vectorRows);
    for (int64_t first = 0; first < columns; first += groupSumColumns) {
      int64_t count = std::min(groupSumColumns, columns - first);
      int8_t t[groupSumColumns / groupColumns];
      int8_t padded[groupSumColumns];
      const int8_t *weights = rows + first;
      if (count < groupSumColumns) {
        std::copy_n(weights, count, padded);
        std::fill(padded + count, std::end(padded), int8_t(0));
        weights = padded;
      }
      sumGroups(weights, t);
      for (int64_t block = 0; block < ceilDiv(count, layout.blockColumns);
           ++block, lane += blockStride)
        layout.pack(t + block * groups, lane);
    }
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

/// round(256 x / 243) of x in -121..121; there are no ties.
static constexpr int8_t fractionOf(int x) {
  int rounded = (512 * (x + 243) + 243) / 486 - 256;
  return int8_t(rounded);
}

/// fractionOf of every signed byte in -121..121, by its bits.
static constexpr auto fractions = [] {
  std::array<uint8_t, 256> bytes = {};
  for (int x = -121; x <= 121; ++x)
    bytes[uint8_t(x)] = uint8_t(fractionOf(x));
  return bytes;
}();

/// Bytes of columns that are combined at once.
static constexpr int64_t combinedColumns = 256;

/// The bytes of `count` columns: every position's weights, `rowStride` apart
/// from `rows` on, as the digits of one number.
static void combineRows(bool isTrits, const int8_t *rows, int64_t rowStride,
                        int64_t count, uint8_t *out) {
  // 21 is what the codes weight + 1 of positions 0..2 add.
  std::fill_n(out, combinedColumns, uint8_t(isTrits ? 0 : 21));
  auto add = [&](int64_t position, int factor) {
    const int8_t *row = rows + position * rowStride;
    for (int64_t i = 0; i < count; ++i)
      out[i] = uint8_t(out[i] + row[i] * factor);
  };
  int64_t factor = 1;
  if (!isTrits)
    for (int64_t position = 0; position < codePositions;
         ++position, factor *= 4)
      add(position, int(factor));
  else
    for (int64_t position = tritPositions; position-- > 0; factor *= 3)
      add(position, int(factor));
  if (isTrits)
    for (int64_t i = 0; i < count; ++i)
      out[i] = fractions[out[i]];
}

static void packForDots(const PackingSpec &spec, const int8_t *rows,
                        int64_t columns, uint8_t *out) {
  bool isTrits = spec.kind == PackingSpec::TritBytes;
  int64_t padded = ceilDiv(columns, dotBlockColumns) * dotBlockColumns;
  for (int64_t row = 0; row < spec.tileRows; ++row) {
    DotRow place(spec, row);
    if (place.position != 0)
      continue;
    const int8_t *weights = rows + row * columns;
    for (int64_t first = 0; first < padded; first += combinedColumns) {
      uint8_t bytes[combinedColumns];
      combineRows(isTrits, weights + first, spec.dotRows * columns,
                  std::min(combinedColumns, columns - first), bytes);
      int64_t end = std::min(combinedColumns, padded - first);
      for (int64_t i = 0; i < end; i += spec.dotColumns)
        std::copy_n(bytes + i, spec.dotColumns, out + place.byte(first + i));
    }
  }
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
