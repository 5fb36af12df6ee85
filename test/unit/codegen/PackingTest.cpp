//===- PackingTest.cpp - Every byte of a packed tile ----------------------===//

#include "dialects/lut/Packing.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

using namespace tritc::lut;

namespace {

constexpr PackingSpec codes1{PackingSpec::Codes, 1};
constexpr PackingSpec nibble32{PackingSpec::SignedNibble, 32};
constexpr PackingSpec nibble64{PackingSpec::SignedNibble, 64};

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

/// The layout as Packing.h words it, computed from the output's side.
uint8_t expectedNibbleByte(const std::vector<int8_t> &rows, int64_t columns,
                           int64_t tileRows, int64_t byte) {
  int64_t vectors = tileRows / 32;
  int64_t block = byte / (160 * vectors);
  int64_t vector = byte / 160 % vectors;
  int64_t plane = byte % 160 / 32; // 0: signs, 1..4: nibble bytes
  int64_t lane = byte % 32;
  int64_t row = 32 * vector + (lane % 2 == 0 ? lane / 2 : 16 + lane / 2);
  auto weight = [&](int64_t column) {
    return column < columns ? int(rows[row * columns + column]) : 0;
  };
  auto t = [&](int64_t group) {
    return 9 * weight(3 * group) + 3 * weight(3 * group + 1) +
           weight(3 * group + 2);
  };
  if (plane == 0) {
    int signs = 0;
    for (int j = 0; j < 8; ++j)
      signs |= (t(8 * block + j) < 0) << j;
    return uint8_t(signs);
  }
  int64_t group = 8 * block + 2 * (plane - 1);
  return uint8_t(std::abs(t(group)) | std::abs(t(group + 1)) << 4);
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
  EXPECT_EQ(tileCount(codes1, 7), 7);
  EXPECT_EQ(tileBytes(nibble64, 24), 320);
  EXPECT_EQ(tileBytes(nibble64, 25), 640);
  EXPECT_EQ(tileBytes(nibble32, 2560), 107 * 160);
  EXPECT_EQ(tileCount(nibble64, 64), 1);
  EXPECT_EQ(tileCount(nibble64, 65), 2);
  EXPECT_EQ(matrixBytes(codes1, 7, 9), 24);
  EXPECT_EQ(matrixBytes(nibble64, 65, 24), 640);
}

TEST(Packing, RefusesTilesWithoutWholeVectors) {
  EXPECT_EQ(invalidReason(codes1), nullptr);
  EXPECT_EQ(invalidReason(nibble64), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::Codes, 0}), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::SignedNibble, 0}), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::SignedNibble, -32}), nullptr);
  EXPECT_NE(invalidReason({PackingSpec::SignedNibble, 48}), nullptr);
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

TEST(Packing, EveryTripleAtEveryPositionOfABlock) {
  for (int code = 0; code < 27; ++code)
    for (int group = 0; group < 8; ++group)
      for (int row = 0; row < 64; ++row) {
        std::vector<int8_t> rows(64 * 24);
        int8_t *triple = &rows[row * 24 + group * 3];
        triple[0] = int8_t(code / 9 - 1);
        triple[1] = int8_t(code / 3 % 3 - 1);
        triple[2] = int8_t(code % 3 - 1);
        std::vector<uint8_t> tile = pack(nibble64, rows, 24);
        for (size_t byte = 0; byte < tile.size(); ++byte)
          ASSERT_EQ(tile[byte], expectedNibbleByte(rows, 24, 64, byte))
              << "code " << code << " group " << group << " row " << row
              << " byte " << byte;
        ASSERT_EQ(unpack(nibble64, tile, 24), rows);
      }
}

TEST(Packing, RandomShapesMatchTheLayoutAndComeBack) {
  std::mt19937 generator(7);
  for (unsigned trial = 0; trial < 300; ++trial) {
    int64_t columns = 1 + generator() % 130;
    int64_t tileRows = 32 * (1 + generator() % 4);
    PackingSpec spec{PackingSpec::SignedNibble, tileRows};
    std::vector<int8_t> rows = randomWeights(tileRows * columns, trial);
    std::vector<uint8_t> tile = pack(spec, rows, columns);
    for (size_t byte = 0; byte < tile.size(); ++byte)
      ASSERT_EQ(tile[byte], expectedNibbleByte(rows, columns, tileRows, byte));
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

TEST(Packing, ZeroWeightsAreZeroBytes) {
  EXPECT_EQ(pack(nibble64, std::vector<int8_t>(64 * 50), 50),
            std::vector<uint8_t>(tileBytes(nibble64, 50)));
}

} // namespace
