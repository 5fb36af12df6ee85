//===- ScaledRowsTest.cpp - Every byte of a tile of a rounded head --------===//

#include "dialects/lut/layouts/ScaledRows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace tritc::lut;

namespace {

struct Tile {
  std::vector<int8_t> rows;
  std::vector<float> scales = {0.5f, -1.0f, 3e38f, 0.0f};
};

/// Every integer of `bits`, in any order.
Tile randomTile(int64_t bits, int64_t columns) {
  std::mt19937 generator(unsigned(bits * columns));
  Tile tile;
  int64_t limit = scaledLimit(bits);
  for (int64_t i = 0; i < scaledTileRows * columns; ++i)
    tile.rows.push_back(int8_t(int64_t(generator()) % (limit + 1) *
                               (generator() % 2 ? 1 : -1)));
  return tile;
}

std::vector<uint8_t> pack(int64_t bits, const Tile &tile, int64_t columns) {
  // Poison, so that a byte left unwritten shows.
  std::vector<uint8_t> bytes(size_t(scaledTileBytes(bits, columns)), 0xEE);
  packScaledTile(bits, tile.rows.data(), tile.scales.data(), columns,
                 bytes.data());
  return bytes;
}

TEST(ScaledRows, TilesComeBack) {
  for (int64_t bits : {8, 6})
    for (int64_t columns : {1, 31, 64, 65, 200}) {
      Tile tile = randomTile(bits, columns), found = tile;
      found.rows.assign(tile.rows.size(), 99);
      found.scales.assign(4, 99);
      unpackScaledTile(bits, pack(bits, tile, columns).data(), columns,
                       found.rows.data(), found.scales.data());
      EXPECT_EQ(found.rows, tile.rows) << bits << " bits, " << columns;
      EXPECT_EQ(found.scales, tile.scales) << bits << " bits, " << columns;
    }
}

TEST(ScaledRows, EightBitsAreBytesBlockByBlock) {
  Tile tile = randomTile(8, 70);
  std::vector<uint8_t> bytes = pack(8, tile, 70);
  ASSERT_EQ(bytes.size(), 2 * 4 * 64 + 64u);
  for (int64_t byte = 0; byte < 2 * 4 * 64; ++byte) {
    int64_t column = byte / 256 * 64 + byte % 64, row = byte / 64 % 4;
    EXPECT_EQ(int8_t(bytes[size_t(byte)]),
              column < 70 ? tile.rows[size_t(row * 70 + column)] : 0)
        << byte;
  }
}

TEST(ScaledRows, SixBitsAreANibbleAndTwoHighBits) {
  Tile tile = randomTile(6, 64);
  std::vector<uint8_t> bytes = pack(6, tile, 64);
  ASSERT_EQ(bytes.size(), 4 * 48 + 64u);
  for (int64_t row = 0; row < 4; ++row)
    for (int64_t column = 0; column < 64; ++column) {
      const uint8_t *at = &bytes[size_t(row * 48)];
      int code = tile.rows[size_t(row * 64 + column)] + 32;
      EXPECT_EQ(at[column % 32] >> (column < 32 ? 0 : 4) & 15, code & 15);
      EXPECT_EQ(at[32 + column % 16] >> column / 16 * 2 & 3, code >> 4);
    }
}

TEST(ScaledRows, TheLargestBecomesTheLimit) {
  const float row[] = {0.5f, -2.0f, 1.0f, 0.0f};
  int8_t out[4];
  EXPECT_EQ(roundRow(8, row, 4, out), 2.0f / 127);
  EXPECT_EQ(std::vector<int8_t>(out, out + 4),
            (std::vector<int8_t>{32, -127, 64, 0}));
  EXPECT_EQ(roundRow(6, row, 4, out), 2.0f / 31);
  EXPECT_EQ(std::vector<int8_t>(out, out + 4),
            (std::vector<int8_t>{8, -31, 16, 0}));
}

TEST(ScaledRows, HalvesRoundToEven) {
  const float row[] = {127.0f, 0.5f, 1.5f, -2.5f};
  int8_t out[4];
  EXPECT_EQ(roundRow(8, row, 4, out), 1.0f);
  EXPECT_EQ(std::vector<int8_t>(out, out + 4),
            (std::vector<int8_t>{127, 0, 2, -2}));
}

TEST(ScaledRows, RowsOfNothingAndOfExtremesAreFinite) {
  int8_t out[2];
  for (float value : {0.0f, 1e-45f, 3.4e38f}) {
    const float row[] = {value, -value};
    EXPECT_TRUE(std::isfinite(roundRow(8, row, 2, out))) << value;
    int expected = value > 1 ? 127 : 0;
    EXPECT_EQ(out[0], expected) << value;
    EXPECT_EQ(out[1], -expected) << value;
  }
}

} // namespace
