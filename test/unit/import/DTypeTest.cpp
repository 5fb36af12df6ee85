//===- DTypeTest.cpp - Widening is exact, rounding is to even -------------===//

#include "compiler/import/model/DType.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>

namespace tritc::import {
namespace {

/// value = (-1)^sign * mantissa * 2^exponent, straight from the format.
double f16Formula(uint16_t bits) {
  int exponent = bits >> 10 & 31, mantissa = bits & 1023;
  double magnitude = exponent == 0 ? std::ldexp(mantissa, -24)
                                   : std::ldexp(1024 + mantissa, exponent - 25);
  return bits >> 15 ? -magnitude : magnitude;
}

TEST(DType, every_f16_widens_exactly) {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    float wide = f16ToFloat(uint16_t(bits));
    if ((bits & 0x7c00) != 0x7c00)
      ASSERT_EQ(double(wide), f16Formula(uint16_t(bits))) << bits;
    else if (bits & 1023)
      ASSERT_TRUE(std::isnan(wide)) << bits;
    else
      ASSERT_EQ(wide, bits >> 15 ? -INFINITY : INFINITY);
    ASSERT_EQ(std::signbit(wide), bits >> 15 != 0) << bits;
  }
}

TEST(DType, every_bf16_survives_the_way_to_f32_and_back) {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    float wide = bf16ToFloat(uint16_t(bits));
    if (!std::isnan(wide))
      ASSERT_EQ(floatToBf16(wide), bits);
    else
      ASSERT_TRUE(std::isnan(roundToBf16(wide)));
  }
}

TEST(DType, bf16_rounds_ties_to_even) {
  EXPECT_EQ(floatToBf16(std::bit_cast<float>(0x3f808000u)), 0x3f80);
  EXPECT_EQ(floatToBf16(std::bit_cast<float>(0x3f818000u)), 0x3f82);
  EXPECT_EQ(floatToBf16(std::bit_cast<float>(0x3f808001u)), 0x3f81);
  EXPECT_EQ(floatToBf16(std::bit_cast<float>(0x3f807fffu)), 0x3f80);
  EXPECT_EQ(roundToBf16(std::numeric_limits<float>::max()), INFINITY);
}

TEST(DType, widen_reads_unaligned_bytes) {
  const uint8_t bytes[] = {0xff, 0x80, 0x3f, 0x00, 0xc0, 0xff, 0xff};
  float out[2];
  widen(DType::BF16, bytes + 1, out);
  EXPECT_EQ(out[0], 1.0f);
  EXPECT_EQ(out[1], -2.0f);
}

TEST(DType, widen_of_f16_and_f32) {
  const uint8_t half[] = {0x00, 0x3c, 0x00, 0xc0};
  float out[2];
  widen(DType::F16, half, out);
  EXPECT_EQ(out[0], 1.0f);
  EXPECT_EQ(out[1], -2.0f);
  const uint8_t single[] = {0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0};
  widen(DType::F32, single, out);
  EXPECT_EQ(out[0], 1.0f);
  EXPECT_EQ(out[1], -2.0f);
}

} // namespace
} // namespace tritc::import
