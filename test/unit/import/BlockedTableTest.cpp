//===- BlockedTableTest.cpp - Tables that a checkpoint has quantized ------===//

#include "test/unit/import/TestGguf.h"

#include <random>

namespace tritc::import {
namespace {

using test::TestGguf;
using GgufTable = test::GgufTest;

std::vector<uint8_t> randomBlocks(const BlockedEncoding &encoding,
                                  uint64_t count) {
  std::mt19937 generator(encoding.bits);
  std::vector<uint8_t> bytes(encoding.bytes * count);
  for (uint8_t &byte : bytes)
    byte = uint8_t(generator());
  return bytes;
}

/// Element `i` of ggml's block_q6_K, as its dequantize_row_q6_K has it.
float elementOfQ6k(const uint8_t *block, int i, float step) {
  int n = i / 128, l = i % 32, quarter = i % 128 / 32;
  const uint8_t *ql = block + 64 * n, *qh = block + 128 + 32 * n;
  auto *scales = reinterpret_cast<const int8_t *>(block + 192 + 8 * n);
  const int q[] = {(ql[l] & 0xF) | (qh[l] >> 0 & 3) << 4,
                   (ql[l + 32] & 0xF) | (qh[l] >> 2 & 3) << 4,
                   ql[l] >> 4 | (qh[l] >> 4 & 3) << 4,
                   ql[l + 32] >> 4 | (qh[l] >> 6 & 3) << 4};
  return step * float(scales[l / 16 + 2 * quarter]) * float(q[quarter] - 32);
}

TEST(BlockedTable, Q6kIsWhatGgmlSays) {
  std::vector<uint8_t> bytes = randomBlocks(encodingQ6k, 3);
  for (size_t block = 0; block < 3; ++block) { // a step of 1.5
    bytes[210 * block + 208] = 0x00;
    bytes[210 * block + 209] = 0x3e;
  }
  std::vector<float> values(3 * 256);
  decodeBlocks(encodingQ6k, bytes, 0, values);
  for (size_t i = 0; i < values.size(); ++i)
    EXPECT_EQ(values[i],
              elementOfQ6k(&bytes[i / 256 * 210], int(i % 256), 1.5f));
}

TEST(BlockedTable, DecodingMayBeginAndEndAnywhere) {
  for (const BlockedEncoding *encoding : {&encodingQ80, &encodingQ6k}) {
    std::vector<uint8_t> bytes = randomBlocks(*encoding, 3);
    std::vector<float> all(3 * encoding->elements);
    decodeBlocks(*encoding, bytes, 0, all);
    for (uint64_t first : {uint64_t(1), encoding->elements - 1,
                           encoding->elements, encoding->elements + 17}) {
      std::vector<float> part(encoding->elements);
      decodeBlocks(*encoding, bytes, first, part);
      EXPECT_EQ(
          std::memcmp(part.data(), &all[first], part.size() * sizeof(float)), 0)
          << encoding->bits << " bits from " << first;
    }
  }
}

TEST(BlockedTable, NumbersAreThoseOfTheValues) {
  for (const BlockedEncoding *encoding : {&encodingQ80, &encodingQ6k}) {
    uint64_t size = encoding->elements;
    std::vector<uint8_t> bytes = randomBlocks(*encoding, 3);
    std::vector<float> values(2 * size);
    decodeBlocks(*encoding, bytes, size, values);
    std::vector<int8_t> integers(2 * size),
        scales(encoding->scaleCount(2 * size));
    std::vector<uint16_t> steps(2);
    readBlocks(*encoding, bytes, size, {integers, scales, steps});
    for (uint64_t i = 0; i < values.size(); ++i) {
      int scale = scales.empty() ? 1 : scales[i / 16];
      float value = f16ToFloat(steps[i / size]) * float(scale * integers[i]);
      EXPECT_EQ(std::bit_cast<uint32_t>(value),
                std::bit_cast<uint32_t>(values[i]));
    }
  }
}

/// All significands of steps, at the largest and at the smallest exponent, and
/// all products of a scale and an integer: f32 holds the product, and it does
/// not matter what is multiplied first.
TEST(BlockedTable, ValuesAreExact) {
  std::vector<bool> seen(2 * 128 * 32 + 1);
  for (int scale = -128; scale < 128; ++scale)
    for (int q = -32; q < 32; ++q) {
      if (seen[size_t(scale * q + 128 * 32)])
        continue;
      seen[size_t(scale * q + 128 * 32)] = true;
      for (unsigned bits = 0; bits < 0x800; ++bits) // and the subnormal ones
        for (unsigned exponent : {0u, 0x7800u}) {
          float step = f16ToFloat(
              uint16_t(bits % 0x400 + exponent + (bits < 0x400 ? 0 : 0x8000)));
          double exact = double(step) * scale * q;
          float other = step * float(scale);
          if (double(step * float(scale * q)) != exact ||
              double(other * float(q)) != exact)
            FAIL() << step << " * " << scale << " * " << q;
        }
    }
}

TEST_F(GgufTable, steps_of_tables_must_be_finite) {
  TestGguf file = TestGguf::model();
  TestGguf::Tensor &table = file.tensor("token_embd.weight");
  table.type = 8;
  std::string block(34, '\1');
  table.bytes.clear();
  for (uint64_t row = 0; row < 260; ++row)
    table.bytes += block;
  // Row 7: infinity.
  table.bytes[34 * 7] = 0x00;
  table.bytes[34 * 7 + 1] = 0x7c;
  std::unique_ptr<Checkpoint> checkpoint = opened(file);
  ASSERT_TRUE(checkpoint);
  const std::string name = "model.embed_tokens.weight";
  std::vector<int8_t> integers(260 * 32);
  std::vector<uint16_t> steps(260);
  const std::string expected = "token_embd.weight: element 224: expected a "
                               "finite number, found NaN or infinity";
  EXPECT_FAILURE(checkpoint->blocks(name, 0, {integers, {}, steps}),
                 ExitCode::Malformed, expected);
  std::vector<float> floats(260 * 32);
  EXPECT_FAILURE(checkpoint->floats(name, 0, floats), ExitCode::Malformed,
                 expected);
  EXPECT_SUCCESS(
      checkpoint->blocks(name, 0,
                         {llvm::MutableArrayRef(integers).take_front(7 * 32),
                          {},
                          llvm::MutableArrayRef(steps).take_front(7)}));
  EXPECT_EQ(integers[0], 1);
  EXPECT_EQ(steps[6], 0x0101);
}

} // namespace
} // namespace tritc::import
