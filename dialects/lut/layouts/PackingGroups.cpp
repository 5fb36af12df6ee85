//===- PackingGroups.cpp - Weights three by three, rows in lanes ----------===//
#include "dialects/lut/layouts/GroupSums.h"
#include "dialects/lut/layouts/PackingKinds.h"

#include <algorithm>
#include <iterator>

namespace tritc::lut {

//===----------------------------------------------------------------------===//
// SignedNibble
//===----------------------------------------------------------------------===//

/// Lane of a vector that holds row `row` (0..31): the inverse of rowOfLane.
static int64_t laneOfRow(int64_t row) {
  return row < 16 ? 2 * row : 2 * (row - 16) + 1;
}

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

void packGroups(const PackingSpec &spec, const int8_t *rows, int64_t columns,
                uint8_t *out) {
  auto pack = spec.kind == PackingSpec::IndexWords ? packLanes<wordLayout>
                                                   : packLanes<nibbleLayout>;
  pack(rows, spec.tileRows, columns, out);
}

void unpackGroups(const PackingSpec &spec, const uint8_t *tile, int64_t columns,
                  int8_t *rows) {
  auto unpack = spec.kind == PackingSpec::IndexWords
                    ? unpackLanes<wordLayout>
                    : unpackLanes<nibbleLayout>;
  unpack(tile, spec.tileRows, columns, rows);
}

} // namespace tritc::lut
