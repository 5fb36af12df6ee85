//===- PackingTest.cpp - Every byte of a packed tile ----------------------===//

#include "dialects/lut/layouts/Packing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace tritc::lut;

namespace {

constexpr PackingSpec codes1{PackingSpec::Codes, 1};
constexpr PackingSpec nibble32{PackingSpec::SignedNibble, 32};
constexpr PackingSpec nibble64{PackingSpec::SignedNibble, 64};
constexpr PackingSpec words32{PackingSpec::IndexWords, 32};
constexpr PackingSpec words64{PackingSpec::IndexWords, 64};
// A tile, then what one dot product takes: rows and columns.
constexpr PackingSpec dots16{PackingSpec::DotCodes, 16, 4, 4};
constexpr PackingSpec dots64{PackingSpec::DotCodes, 64, 8, 8};
constexpr PackingSpec trits20{PackingSpec::TritBytes, 20, 4, 4};
constexpr PackingSpec trits40{PackingSpec::TritBytes, 40, 2, 8};

std::vector<uint8_t> pack(const PackingSpec &spec,
                          const std::vector<int8_t> &rows, int64_t columns) {
  // Poison, so that a byte left unwritten shows.
  std::vector<uint8_t> tile(tileBytes(spec, columns), 0xEE);
  packTile(spec, rows.data(), columns, tile.data());
  return tile;
}

std::vector<int8_t> unpack(const PackingSpec &spec,
                           const std::vector<uint8_t> &tile, int64_t columns) {
  std::vector<int8_t> rows(spec.tileRows * columns, 99);
  unpackTile(spec, tile.data(), columns, rows.data());
  return rows;
}

std::vector<int8_t> randomWeights(int64_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<int8_t> weights(count);
  for (int8_t &weight : weights)
    weight = int8_t(generator() % 3) - 1;
  return weights;
}

/// A tile's weights; those beyond the last column are 0.
struct Tile {
  PackingSpec spec;
  const std::vector<int8_t> &rows;
  int64_t columns;

  int weight(int64_t row, int64_t column) const {
    return column < columns ? int(rows[row * columns + column]) : 0;
  }
  /// 9a + 3b + c of the group's columns.
  int t(int64_t row, int64_t group) const {
    return 9 * weight(row, 3 * group) + 3 * weight(row, 3 * group + 1) +
           weight(row, 3 * group + 2);
  }
};

// The layouts as Packing.h words them, computed from the output's side.

uint8_t expectedNibbleByte(const Tile &tile, int64_t byte) {
  int64_t vectors = tile.spec.tileRows / 32;
  int64_t block = byte / (160 * vectors);
  int64_t vector = byte / 160 % vectors;
  int64_t plane = byte % 160 / 32; // 0: signs, 1..4: nibble bytes
  int64_t lane = byte % 32;
  int64_t row = 32 * vector + (lane % 2 == 0 ? lane / 2 : 16 + lane / 2);
  if (plane == 0) {
    int signs = 0;
    for (int j = 0; j < 8; ++j)
      signs |= (tile.t(row, 8 * block + j) < 0) << j;
    return uint8_t(signs);
  }
  int64_t group = 8 * block + 2 * (plane - 1);
  return uint8_t(std::abs(tile.t(row, group)) | std::abs(tile.t(row, group + 1))
                                                    << 4);
}

uint8_t expectedWordByte(const Tile &tile, int64_t byte) {
  int64_t vectors = tile.spec.tileRows / 32;
  int64_t block = byte / (320 * vectors);
  int64_t vector = byte / 320 % vectors;
  int64_t word = byte % 320 / 64;
  int64_t row = 32 * vector + byte % 64 / 2;
  int value = (tile.t(row, 16 * block + 15) + 13) >> (4 - word) & 1;
  for (int64_t i = 2; i >= 0; --i)
    value = value << 5 | (tile.t(row, 16 * block + 3 * word + i) + 13);
  return uint8_t(byte % 2 == 0 ? value : value >> 8);
}

/// Four or five weights of rows that share a byte, and what it makes of them.
uint8_t expectedDotByte(const Tile &tile, int64_t byte) {
  auto [kind, tileRows, dotRows, dotColumns] = tile.spec;
  int64_t positions = kind == PackingSpec::TritBytes ? 5 : 4;
  int64_t vectorRows = positions * dotRows, vectorBytes = dotRows * dotColumns;
  int64_t vectors = tileRows / vectorRows;
  int64_t vector = byte / vectorBytes % vectors;
  int64_t r = byte % vectorBytes / dotColumns;
  int64_t column =
      byte / (vectors * vectorBytes) * dotColumns + byte % dotColumns;
  auto weight = [&](int64_t p) {
    return tile.weight(vectorRows * vector + dotRows * p + r, column);
  };
  if (kind == PackingSpec::DotCodes)
    return uint8_t((weight(0) + 1) + 4 * (weight(1) + 1) +
                   16 * (weight(2) + 1) + 64 * weight(3));
  int trits = 0;
  for (int64_t p = 0; p < 5; ++p)
    trits = 3 * trits + weight(p);
  return uint8_t(int8_t(std::lround(trits * 256.0 / 243)));
}

std::vector<uint8_t> expectedTile(const PackingSpec &spec,
                                  const std::vector<int8_t> &rows,
                                  int64_t columns) {
  Tile tile{spec, rows, columns};
  auto *byteOf = spec.kind == PackingSpec::SignedNibble ? expectedNibbleByte
                 : spec.kind == PackingSpec::IndexWords ? expectedWordByte
                                                        : expectedDotByte;
  std::vector<uint8_t> bytes(tileBytes(spec, columns));
  for (size_t byte = 0; byte < bytes.size(); ++byte)
    bytes[byte] = byteOf(tile, int64_t(byte));
  return bytes;
}

TEST(Packing, LanesAreAPermutationOfRows) {
  std::vector<bool> seen(32);
  for (int lane = 0; lane < 32; ++lane)
    seen[rowOfLane(lane)] = true;
  EXPECT_EQ(seen, std::vector<bool>(32, true));
  EXPECT_EQ(rowOfLane(1), 16);
  EXPECT_EQ(rowOfLane(30), 15);
}

TEST(Packing, SizesFollowTheFormulas) {
  EXPECT_EQ(tileBytes(codes1, 9), 3);
  EXPECT_EQ(packedTiles(codes1, 7, 24).count, 7);
  EXPECT_EQ(tileBytes(nibble64, 24), 320);
  EXPECT_EQ(tileBytes(nibble64, 25), 640);
  EXPECT_EQ(tileBytes(nibble32, 2560), 107 * 160);
  EXPECT_EQ(packedTiles(nibble64, 64, 24).count, 1);
  EXPECT_EQ(packedTiles(nibble64, 65, 24).count, 2);
  EXPECT_EQ(packedTiles(codes1, 7, 9).size(), 24);
  EXPECT_EQ(packedTiles(nibble64, 65, 24).size(), 640);
  EXPECT_EQ(tileBytes(words64, 48), 640);
  EXPECT_EQ(tileBytes(words64, 49), 1280);
  EXPECT_EQ(tileBytes(words32, 2560), 54 * 320);
  EXPECT_EQ(tileBytes(dots16, 16), 64);
  EXPECT_EQ(tileBytes(dots16, 17), 128);
  EXPECT_EQ(tileBytes(dots64, 2560), 2560 * 16);
  EXPECT_EQ(packedTiles(dots64, 65, 1).size(), 2 * 16 * 16);
  EXPECT_EQ(tileBytes(trits20, 16), 64);
  EXPECT_EQ(tileBytes(trits40, 17), 2 * 16 * 8);
}

TEST(Packing, RefusesTilesWithoutWholeVectors) {
  EXPECT_EQ(invalidReason(codes1), nullptr);
  EXPECT_EQ(invalidReason(nibble64), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::Codes, 0}), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::SignedNibble, 0}), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::SignedNibble, -32}), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::SignedNibble, 48}), nullptr);
  EXPECT_EQ(invalidReason(words32), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::IndexWords, 16}), nullptr);
  EXPECT_EQ(invalidReason(dots64), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::DotCodes, 96, 16, 4}), nullptr);
  EXPECT_EQ(invalidReason(trits40), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::TritBytes, 64, 16, 4}), nullptr);
}

TEST(Packing, RefusesShapesOfDotsButForDots) {
  for (auto kind : {PackingSpec::DotCodes, PackingSpec::TritBytes}) {
    EXPECT_EQ(invalidReason({kind, 80, 4, 4}), nullptr);
    EXPECT_NE(invalidReason({kind, 80, 0, 4}), nullptr);
    EXPECT_NE(invalidReason({kind, 80, -4, 4}), nullptr);
    EXPECT_NE(invalidReason({kind, 80, 4, 0}), nullptr);
    EXPECT_NE(invalidReason({kind, 80, 4, 3}), nullptr);
    EXPECT_NE(invalidReason({kind, 80, 4, 32}), nullptr);
  }
  EXPECT_NE(invalidReason({PackingSpec::Codes, 1, 16, 4}), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::SignedNibble, 64, 16, 4}), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::IndexWords, 64, 0, 4}), nullptr);
}

TEST(Packing, CodesPutTheFirstColumnInTheLowBits) {
  // codes 2 1 0 2 -> 2 + 4 + 0 + 128; then 0 and three paddings of 1.
  EXPECT_EQ(pack(codes1, {1, 0, -1, 1, -1}, 5),
            (std::vector<uint8_t>{0b10'00'01'10, 0b01'01'01'00}));
}

TEST(Packing, WorkedExampleOfOneTriple) {
  // Row 16 sits in lane 1; (-1, +1, 0) is t = -6: nibble 6, sign 1.
  std::vector<int8_t> rows(32 * 3);
  rows[16 * 3] = -1;
  rows[16 * 3 + 1] = 1;
  std::vector<uint8_t> expected(160);
  expected[1] = 1;
  expected[33] = 6;
  EXPECT_EQ(pack(nibble32, rows, 3), expected);
}

TEST(Packing, WorkedExampleOfAnIndexWord) {
  // Row 1 of 32; (-1, +1, 0) is t + 13 = 7 in bits 5..9 of word 0. The others
  // are 13; that of group 15, 01101, is spread over the top bits of five words.
  std::vector<int8_t> rows(32 * 48);
  rows[48 + 3] = -1;
  rows[48 + 4] = 1;
  std::vector<uint8_t> tile = pack(words32, rows, 48);
  auto word = [&](int64_t w, int64_t row) {
    return tile[64 * w + 2 * row] | tile[64 * w + 2 * row + 1] << 8;
  };
  int zeros = 13 | 13 << 5 | 13 << 10;
  EXPECT_EQ(word(0, 1), 13 | 7 << 5 | 13 << 10);
  EXPECT_EQ(word(0, 0), zeros);
  EXPECT_EQ(word(1, 0), zeros | 1 << 15);
  EXPECT_EQ(word(2, 0), zeros | 1 << 15);
  EXPECT_EQ(word(3, 0), zeros);
  EXPECT_EQ(word(4, 0), zeros | 1 << 15);
}

TEST(Packing, WorkedExampleOfFourDotCodes) {
  // Column 2 of rows 1, 5, 9 and 13, in byte 4 * 1 + 2: codes 2 0 1, then the
  // weight -1 itself.
  std::vector<int8_t> rows(16 * 4);
  rows[1 * 4 + 2] = 1;
  rows[5 * 4 + 2] = -1;
  rows[13 * 4 + 2] = -1;
  std::vector<uint8_t> expected(64, 0b00'01'01'01);
  expected[6] = 0b11'01'00'10;
  EXPECT_EQ(pack(dots16, rows, 4), expected);
}

TEST(Packing, WorkedExampleOfFiveTrits) {
  // Column 2 of rows 1, 5, 9, 13 and 17: 81 - 27 + 1 = 55, times 256/243.
  std::vector<int8_t> rows(20 * 4);
  rows[1 * 4 + 2] = 1;
  rows[5 * 4 + 2] = -1;
  rows[17 * 4 + 2] = 1;
  std::vector<uint8_t> expected(64);
  expected[6] = 58;
  EXPECT_EQ(pack(trits20, rows, 4), expected);
}

TEST(Packing, EveryFiveTritsComeApart) {
  for (int trits = 0; trits < 243; ++trits) {
    std::vector<int8_t> rows(20);
    for (int p = 0, rest = trits; p < 5; ++p, rest /= 3)
      rows[4 * p] = int8_t(rest % 3 - 1);
    std::vector<uint8_t> tile = pack(trits20, rows, 1);
    ASSERT_EQ(tile, expectedTile(trits20, rows, 1)) << trits;
    ASSERT_EQ(unpack(trits20, tile, 1), rows) << trits;
    // As kernels do: 256 w(p) = 3 q(p) - q(p + 1).
    int q = int8_t(tile[0]);
    for (int p = 0; p < 5; ++p) {
      int next = int8_t(3 * q);
      ASSERT_EQ(3 * q - next, 256 * rows[4 * p]) << trits << " at " << p;
      q = next;
    }
  }
}

TEST(Packing, SumsOfTritBytesFitUpToTheWidestMatrix) {
  // 256 times a sum of activations of -128 is the largest number on the way.
  int64_t columns = trits20.mostColumns();
  EXPECT_LT(256 * 128 * columns, int64_t(1) << 31);
  EXPECT_GE(256 * 128 * (columns + 1), int64_t(1) << 31);
}

TEST(Packing, EveryTripleAtEveryPositionOfABlock) {
  struct {
    PackingSpec spec;
    int64_t columns;
  } blocks[] = {{nibble64, 24}, {words64, 48}, {dots16, 48},
                {dots64, 48},   {trits20, 48}, {trits40, 48}};
  for (auto [spec, columns] : blocks)
    for (int code = 0; code < 27; ++code)
      for (int64_t group = 0; group < columns / 3; ++group)
        for (int64_t row = 0; row < spec.tileRows; ++row) {
          std::vector<int8_t> rows(spec.tileRows * columns);
          int8_t *triple = &rows[row * columns + group * 3];
          triple[0] = int8_t(code / 9 - 1);
          triple[1] = int8_t(code / 3 % 3 - 1);
          triple[2] = int8_t(code % 3 - 1);
          std::vector<uint8_t> tile = pack(spec, rows, columns);
          ASSERT_EQ(tile, expectedTile(spec, rows, columns))
              << "kind " << spec.kind << " code " << code << " group " << group
              << " row " << row;
          ASSERT_EQ(unpack(spec, tile, columns), rows);
        }
}

TEST(Packing, RandomShapesMatchTheLayoutAndComeBack) {
  std::mt19937 generator(7);
  for (unsigned trial = 0; trial < 300; ++trial)
    for (PackingSpec spec :
         {nibble32, words32, dots16, dots64, trits20, trits40}) {
      spec.tileRows = spec.rowMultiple() * int64_t(1 + generator() % 4);
      int64_t columns = 1 + generator() % 600; // packed in pieces of 192, 256
      std::vector<int8_t> rows = randomWeights(spec.tileRows * columns, trial);
      std::vector<uint8_t> tile = pack(spec, rows, columns);
      ASSERT_EQ(tile, expectedTile(spec, rows, columns))
          << "kind " << spec.kind << " columns " << columns;
      ASSERT_EQ(unpack(spec, tile, columns), rows);
    }
}

TEST(Packing, CodesComeBackForEveryTail) {
  for (int64_t columns = 1; columns <= 40; ++columns)
    for (int64_t tileRows : {1, 3, 8}) {
      PackingSpec spec{PackingSpec::Codes, tileRows};
      std::vector<int8_t> rows =
          randomWeights(tileRows * columns, unsigned(columns));
      std::vector<uint8_t> tile = pack(spec, rows, columns);
      ASSERT_EQ(unpack(spec, tile, columns), rows);
      // The padding after the last column of each row is code 1.
      for (int64_t row = 0; row < tileRows && columns % 4; ++row) {
        uint8_t last = tile[(row + 1) * ((columns + 3) / 4) - 1];
        for (int64_t slot = columns % 4; slot < 4; ++slot)
          ASSERT_EQ(last >> (2 * slot) & 3, 1);
      }
    }
}

TEST(Packing, ZeroWeightsAreZeroBytesInNibbles) {
  EXPECT_EQ(pack(nibble64, std::vector<int8_t>(64 * 50), 50),
            std::vector<uint8_t>(tileBytes(nibble64, 50)));
}

TEST(Packing, ColumnsBeyondTheLastAreWeightZero) {
  // As many rows of one column as of a whole block whose others are 0.
  for (const PackingSpec &spec : {nibble64, words64, dots16, dots64, trits20}) {
    std::vector<int8_t> narrow = randomWeights(spec.tileRows, 1);
    std::vector<int8_t> wide(spec.tileRows * 16);
    for (int64_t row = 0; row < spec.tileRows; ++row)
      wide[row * 16] = narrow[row];
    EXPECT_EQ(pack(spec, narrow, 1), pack(spec, wide, 16)) << spec.kind;
  }
}

} // namespace
