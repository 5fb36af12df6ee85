//===- GgufTernaryTest.cpp - Ternary encodings, by examples ---------------===//

#include "compiler/import/gguf/GgufTernary.h"

#include "test/unit/import/TestGguf.h"

#include <map>

using namespace tritc::import;
using tritc::import::test::bytesOf;

/// The weights of a row that are not zero, by column.
static std::map<size_t, int> row(const TernaryEncoding &encoding,
                                 const std::string &bytes,
                                 const TernaryLayout &layout,
                                 uint64_t number = 0) {
  EXPECT_EQ(encoding.problem(layout), "");
  EXPECT_GE(bytes.size(), encoding.codeBytes(layout));
  std::vector<int8_t> weights(layout.columns);
  encoding.decodeRow(
      {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()}, layout,
      number, weights);
  std::map<size_t, int> found;
  for (size_t i = 0; i < weights.size(); ++i)
    if (weights[i] != 0)
      found[i] = weights[i];
  return found;
}

using Weights = std::map<size_t, int>;

TEST(GgufTernary, i2_s_in_the_order_of_the_converters) {
  std::string bytes = "\x95\x45" + std::string(30, '\x55');
  EXPECT_EQ(row(encodingI2s, bytes, {1, 128}), (Weights{{0, 1}, {33, -1}}));
  // Rows may begin inside a block.
  EXPECT_EQ(row(encodingI2s, bytes, {4, 32}, 1), (Weights{{1, -1}}));
}

TEST(GgufTernary, i2_s_in_the_order_of_arm) {
  std::string bytes = "\x95\x51" + std::string(30, '\x55');
  EXPECT_EQ(row(encodingI2s, bytes, {1, 128, I2sLayout::B}),
            (Weights{{0, 1}, {33, -1}}));
}

TEST(GgufTernary, i2_s_with_four_rows_to_a_byte) {
  std::string bytes = "\x91" + std::string(31, '\x55'); // 10 01 00 01
  TernaryLayout layout = {4, 32, I2sLayout::C};
  EXPECT_EQ(row(encodingI2s, bytes, layout, 0), (Weights{{0, 1}}));
  EXPECT_EQ(row(encodingI2s, bytes, layout, 2), (Weights{{0, -1}}));
  EXPECT_NE(encodingI2s.problem({6, 64, I2sLayout::C}), "");
}

TEST(GgufTernary, marks_the_code_3) {
  std::string bytes = std::string(31, '\x55') + "\xd5";
  EXPECT_EQ(row(encodingI2s, bytes, {1, 128}), (Weights{{31, 2}}));
}

TEST(GgufTernary, tq1_0_is_in_base_three) {
  // Digits 2 0 1 1 2 of byte 0 are elements 0, 32, 64, 96, 128; five zeros are
  // 121, four are 120 in the last bytes.
  auto byteOf = [](int value) { return char((256 * value + 242) / 243); };
  std::string bytes(48, byteOf(121));
  bytes[0] = char(186);
  bytes += std::string(4, byteOf(120)) + "\x00\x3c";
  EXPECT_EQ(row(encodingTq10, bytes + std::string(2, '\0'), {1, 256}),
            (Weights{{0, 1}, {32, -1}, {128, 1}}));
}

TEST(GgufTernary, tq2_0_has_bits_from_the_lowest_up) {
  std::string bytes = "\xa4" + std::string(63, '\x55') + std::string(2, '\0');
  EXPECT_EQ(row(encodingTq20, bytes, {1, 256}),
            (Weights{{0, -1}, {64, 1}, {96, 1}}));
}

TEST(GgufTernary, iq1_bn_has_the_first_weight_in_the_lowest_digit) {
  std::string bytes(15, char((256 * 121 + 242) / 243));
  bytes[2] = char(211);
  EXPECT_EQ(row(encodingIq1Bn, bytes, {1, 64}),
            (Weights{{0, 1}, {1, -1}, {4, 1}}));
}

TEST(GgufTernary, iq2_bn_is_sixteen_apart) {
  std::string bytes = std::string(4, '\0') + "\x86" + std::string(15, '\x55');
  EXPECT_EQ(row(encodingIq2Bn, bytes, {1, 64}),
            (Weights{{0, 1}, {32, -1}, {48, 1}}));
}

TEST(GgufTernary, iq2_bn_r4_interleaves_four_rows) {
  // Byte 4r + i + 16l: row r, elements 16l + i, +4, +8, +12.
  std::string bytes = std::string(16, '\0') + std::string(64, '\x55');
  bytes[16 + 4 * 2 + 1 + 16 * 3] = char(0x86);
  TernaryLayout layout = {4, 64};
  EXPECT_EQ(row(encodingIq2BnR4, bytes, layout, 2),
            (Weights{{49, 1}, {57, -1}, {61, 1}}));
  EXPECT_EQ(row(encodingIq2BnR4, bytes, layout, 1), Weights{});
}

TEST(GgufTernary, tl1_has_a_pair_in_a_nibble) {
  std::string bytes(16 * 16 / 4, '\x44');
  bytes[3] = char(0x60); // (1, -1), (-1, -1) of row 3
  TernaryLayout layout = {16, 16, I2sLayout::A, {16, 16, 16}};
  EXPECT_EQ(row(encodingTl1, bytes, layout, 3),
            (Weights{{0, 1}, {1, -1}, {2, -1}, {3, -1}}));
  bytes[3] = char(0x90);
  EXPECT_EQ(row(encodingTl1, bytes, layout, 3)[0], 2);
}

TEST(GgufTernary, tl2_has_a_triple_in_a_nibble_and_a_sign) {
  // 32 rows, 24 columns: 128 bytes of triples, 32 of signs.
  TernaryLayout layout = {32, 24, I2sLayout::A, {32, 24, 32}};
  std::string bytes(encodingTl2.codeBytes(layout), '\0');
  bytes[8] = char(0x60);       // row 16: the second eight rows are the third
  bytes[128 + 1] = char(0x40); // bit 14: the upper half of the rows
  EXPECT_EQ(row(encodingTl2, bytes, layout, 16), (Weights{{0, -1}, {1, 1}}));
  EXPECT_EQ(row(encodingTl2, bytes, layout, 0), Weights{});
  bytes[8] = char(0xe0);
  EXPECT_EQ(row(encodingTl2, bytes, layout, 16)[0], 2);
}

TEST(GgufTernary, tiles_must_divide) {
  auto problem = [](const TernaryEncoding &encoding, uint64_t rows,
                    uint64_t columns, LutTiles tiles) {
    return encoding.problem({rows, columns, I2sLayout::A, tiles});
  };
  EXPECT_EQ(problem(encodingTl1, 3200, 8640, {160, 64, 32}), "");
  EXPECT_EQ(problem(encodingTl1, 3200, 3200, {320, 128, 64}), "");
  EXPECT_EQ(problem(encodingTl2, 3200, 8640, {160, 96, 32}), "");
  EXPECT_EQ(problem(encodingTl2, 3200, 3200, {320, 96, 32}), "");
  EXPECT_NE(problem(encodingTl1, 3200, 8640, {160, 64, 24}), "");
  EXPECT_NE(problem(encodingTl1, 3201, 8640, {160, 64, 32}), "");
  EXPECT_NE(problem(encodingTl2, 3200, 8640, {160, 64, 32}), "");
  EXPECT_NE(problem(encodingTl2, 3200, 8640, {160, 96, 64}), "");
  EXPECT_NE(problem(encodingTl2, 3200, 100, {160, 96, 32}), "");
}

TEST(GgufTernary, every_preset_fits_its_shapes) {
  for (const char *encoding : {"tl1", "tl2"})
    for (const char *model : {"-3b", "-large", "-8b"}) {
      GgufOptions options;
      options.lutTiles =
          llvm::cantFail(parseLutTiles(std::string(encoding) + model));
      const TernaryEncoding &which =
          encoding[2] == '1' ? encodingTl1 : encodingTl2;
      for (const LutTilesFor &entry : options.lutTiles) {
        TernaryLayout layout = {
            entry.matrixRows, entry.matrixColumns, I2sLayout::A,
            *lutTilesFor(options, entry.matrixRows, entry.matrixColumns)};
        EXPECT_EQ(which.problem(layout), "")
            << encoding << model << " " << entry.matrixRows;
      }
    }
}

TEST(GgufTernary, tiles_are_spelled_by_shape_or_for_all) {
  GgufOptions options;
  options.lutTiles = llvm::cantFail(parseLutTiles("8x24:1,2,3;4,5,6"));
  EXPECT_EQ(lutTilesFor(options, 8, 24)->block, 3u);
  EXPECT_EQ(lutTilesFor(options, 24, 8)->rows, 4u);
  EXPECT_FALSE(lutTilesFor({}, 24, 8));
  for (const char *bad : {"", "1,2", "1,2,3,4", "0,1,2", "8x:1,2,3", "1,2,x",
                          "8x24:1,2,3;", "tl1-7b"})
    EXPECT_FAILURE(parseLutTiles(bad), tritc::ExitCode::Usage, "--tl-tiles=");
}
