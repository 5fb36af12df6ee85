//===- BlockedRowsTest.cpp - Every byte of a tile of a table in blocks ----===//

#include "dialects/lut/layouts/BlockedRows.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

using namespace tritc::lut;

namespace {

struct Tile {
  std::vector<int8_t> integers, scales;
  std::vector<uint16_t> steps;

  BlockedRows rows() { return {integers.data(), scales.data(), steps.data()}; }
};

/// Every integer of `bits`; any scales and steps, those of no number, too.
Tile randomTile(int64_t bits, int64_t columns) {
  std::mt19937 generator(unsigned(bits * columns));
  const BlockedShape shape = blockedShape(bits);
  Tile tile;
  for (int64_t i = 0; i < blockedTileRows * columns; ++i)
    tile.integers.push_back(
        int8_t(int64_t(generator() % (2 * shape.offset())) - shape.offset()));
  for (int64_t i = 0; i < blockedTileRows * columns / 16 && shape.scales; ++i)
    tile.scales.push_back(int8_t(generator()));
  for (int64_t i = 0; i < blockedTileRows * columns / shape.stepColumns(); ++i)
    tile.steps.push_back(uint16_t(generator()));
  return tile;
}

std::vector<uint8_t> pack(int64_t bits, Tile &tile, int64_t columns) {
  // Poison, so that a byte left unwritten shows.
  std::vector<uint8_t> bytes(size_t(blockedTileBytes(bits, columns)), 0xEE);
  BlockedRows rows = tile.rows();
  packBlockedTile(bits, {rows.integers, rows.scales, rows.steps}, columns,
                  bytes.data());
  return bytes;
}

uint32_t wordAt(const std::vector<uint8_t> &bytes, int64_t offset) {
  uint32_t word;
  std::memcpy(&word, &bytes[size_t(offset)], sizeof(word));
  return word;
}

TEST(BlockedRows, TilesComeBack) {
  for (int64_t bits : {8, 6})
    for (int64_t columns : {256, 512, 2560}) {
      Tile tile = randomTile(bits, columns), found = tile;
      std::fill(found.integers.begin(), found.integers.end(), int8_t(99));
      std::fill(found.scales.begin(), found.scales.end(), int8_t(99));
      std::fill(found.steps.begin(), found.steps.end(), uint16_t(99));
      unpackBlockedTile(bits, pack(bits, tile, columns).data(), columns,
                        found.rows());
      EXPECT_EQ(found.integers, tile.integers) << bits << " bits, " << columns;
      EXPECT_EQ(found.scales, tile.scales) << bits << " bits, " << columns;
      EXPECT_EQ(found.steps, tile.steps) << bits << " bits, " << columns;
    }
}

TEST(BlockedRows, SizesAreThoseOfTheFormatAndPadding) {
  // 210 and 34 bytes of GGUF for 256 and 32 numbers.
  EXPECT_EQ(blockedTileBytes(6, 2560), 2 * 10 * 210 + 24);
  EXPECT_EQ(blockedTileBytes(8, 2560), 2 * 80 * 34);
  EXPECT_EQ(blockedTiles(6, 9, 256).size(), 5 * (2 * 210 + 28));
}

TEST(BlockedRows, EightBitsAreFourGroupsInAWord) {
  Tile tile = randomTile(8, 128);
  std::vector<uint8_t> bytes = pack(8, tile, 128);
  for (int64_t block = 0; block < 2; ++block)
    for (int64_t row = 0; row < 2; ++row)
      for (int64_t column = 0; column < 64; ++column) {
        uint32_t word = wordAt(bytes, (block * 2 + row) * 64 + column % 16 * 4);
        EXPECT_EQ(int64_t(word >> column / 16 * 8 & 255) - 128,
                  tile.integers[size_t(row * 128 + block * 64 + column)]);
      }
  // Steps of a block's first row, of the second, ...
  for (int64_t i = 0; i < 8; ++i) {
    uint16_t step;
    std::memcpy(&step, &bytes[size_t(2 * 128 + 2 * i)], sizeof(step));
    EXPECT_EQ(step, tile.steps[size_t(i / 2 % 2 * 4 + i / 4 * 2 + i % 2)]) << i;
  }
}

TEST(BlockedRows, SixBitsAreFiveGroupsInAWordAndTheRest) {
  Tile tile = randomTile(6, 512);
  std::vector<uint8_t> bytes = pack(6, tile, 512);
  for (int64_t block = 0; block < 2; ++block)
    for (int64_t row = 0; row < 2; ++row) {
      int64_t start = block * (2 * 192 + 32) + row * 192;
      for (int64_t column = 0; column < 256; ++column) {
        int64_t group = column / 16, lane = column % 16 * 4;
        uint32_t code = 0;
        if (group < 15)
          code = wordAt(bytes, start + group / 5 * 64 + lane) >> group % 5 * 6 &
                 63;
        else
          for (int64_t word = 0; word < 3; ++word)
            code |= wordAt(bytes, start + word * 64 + lane) >> 30 << 2 * word;
        EXPECT_EQ(int64_t(code) - 32,
                  tile.integers[size_t(row * 512 + block * 256 + column)]);
      }
      for (int64_t group = 0; group < 16; ++group)
        EXPECT_EQ(int8_t(bytes[size_t(block * 416 + 384 + row * 16 + group)]),
                  tile.scales[size_t(row * 32 + block * 16 + group)]);
    }
}

TEST(BlockedRows, KnownBytes) {
  // One row of 0, 1, 2, .. in every group, scales 1 to 16, a step of 1.
  Tile tile;
  tile.integers.assign(2 * 256, 0);
  tile.scales.assign(2 * 16, 0);
  tile.steps.assign(2, 0);
  for (int64_t i = 0; i < 256; ++i)
    tile.integers[size_t(i)] = int8_t(i % 16);
  for (int64_t i = 0; i < 16; ++i)
    tile.scales[size_t(i)] = int8_t(i + 1);
  tile.steps[0] = 0x3c00;
  std::vector<uint8_t> bytes = pack(6, tile, 256);
  // Lane 1: 33 five times, 100001 in two; the low bits 01 of a sixteenth.
  EXPECT_EQ(wordAt(bytes, 4), 0x61861861u);
  // Lane 3: 35, 100011; the low bits are 11.
  EXPECT_EQ(wordAt(bytes, 12), 0xe38e38e3u);
  // Its high bits, 10, stand in the third word.
  EXPECT_EQ(wordAt(bytes, 128 + 12), 0xa38e38e3u);
  // A row of nothing: 32 everywhere.
  EXPECT_EQ(wordAt(bytes, 192), 0x20820820u);
  EXPECT_EQ(bytes[384], 1);
  EXPECT_EQ(bytes[399], 16);
  EXPECT_EQ(bytes[416], 0x00);
  EXPECT_EQ(bytes[417], 0x3c);
  for (size_t byte = 418; byte < bytes.size(); ++byte)
    EXPECT_EQ(bytes[byte], 0) << byte;
}

} // namespace
