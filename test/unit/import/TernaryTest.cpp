//===- TernaryTest.cpp - Ternary weights out of bytes or floats -----------===//

#include "compiler/import/model/TernaryWeights.h"
#include "test/unit/import/TestFiles.h"

#include <cmath>

namespace tritc::import {
namespace {

const uint8_t *bytesOf(const std::string &text) {
  return reinterpret_cast<const uint8_t *>(text.data());
}

AbsmeanRule ruleOf(const std::vector<float> &weights) {
  std::string bytes = test::f32(weights);
  return absmeanRule(DType::F32, bytesOf(bytes), weights.size());
}

std::vector<int> quantized(const std::vector<float> &weights, float factor) {
  std::string bytes = test::f32(weights);
  std::vector<int8_t> out(weights.size());
  quantize(DType::F32, bytesOf(bytes), factor, out);
  return {out.begin(), out.end()};
}

TEST(Ternary, every_byte_unpacks_to_its_codes) {
  for (unsigned byte = 0; byte < 256; ++byte)
    for (unsigned strip = 0; strip < 4; ++strip) {
      uint8_t packed = uint8_t(byte);
      int8_t weight = 0;
      unsigned code = byte >> 2 * strip & 3;
      ASSERT_EQ(unpackCodes(&packed, strip, weight), code != 3);
      if (code != 3)
        ASSERT_EQ(weight, int(code) - 1);
    }
}

TEST(Ternary, a_code_3_is_found_anywhere_in_a_row) {
  for (size_t length : {1, 15, 16, 31, 32, 33, 100})
    for (size_t at = 0; at < length; ++at)
      for (unsigned strip = 0; strip < 4; ++strip) {
        std::vector<uint8_t> packed(length, 0x55);
        std::vector<int8_t> out(length);
        ASSERT_TRUE(unpackCodes(packed.data(), strip, out));
        packed[at] = uint8_t(3 << 2 * strip);
        ASSERT_FALSE(unpackCodes(packed.data(), strip, out));
        ASSERT_TRUE(unpackCodes(packed.data(), (strip + 1) % 4, out));
      }
}

TEST(Ternary, absmean_rule_is_the_mean_magnitude) {
  AbsmeanRule rule = ruleOf({1.0f, -2.0f, 3.0f, 0.0f});
  EXPECT_EQ(rule.factor, 1.0f / 1.5f);
  EXPECT_EQ(rule.scale, 1.5f);
}

TEST(Ternary, absmean_scale_is_rounded_to_the_type_of_the_weights) {
  // Mean 1.001953125: exact in f16, not in bf16.
  std::vector<float> weights = {1.0f, 1.0078125f, 1.0f, 1.0f};
  std::string bytes = test::bf16(weights);
  AbsmeanRule rule = absmeanRule(DType::BF16, bytesOf(bytes), weights.size());
  EXPECT_EQ(rule.factor, 1.0f / 1.001953125f);
  EXPECT_EQ(rule.scale, 1.0f);
  bytes = test::f16Bits({0x3c00, 0x3c08, 0x3c00, 0x3c00});
  EXPECT_EQ(absmeanRule(DType::F16, bytesOf(bytes), weights.size()).scale,
            1.001953125f);
  EXPECT_EQ(ruleOf(weights).scale, 1.0f / (1.0f / 1.001953125f));
}

TEST(Ternary, absmean_knows_what_was_ternary) {
  EXPECT_TRUE(ruleOf({0.5f, -0.5f, 0.0f}).wasTernary);
  EXPECT_TRUE(ruleOf({0.0f, -0.0f}).wasTernary);
  EXPECT_FALSE(ruleOf({0.5f, -0.25f, 0.0f}).wasTernary);
}

TEST(Ternary, absmean_has_a_floor) {
  AbsmeanRule zeros = ruleOf({0.0f, 0.0f, -0.0f});
  EXPECT_EQ(zeros.factor, 1.0f / 1e-5f);
  EXPECT_EQ(zeros.scale, 1.0f / zeros.factor);
  AbsmeanRule tiny = ruleOf({1e-7f, -1e-7f, 2e-7f});
  EXPECT_EQ(tiny.factor, zeros.factor);
}

TEST(Ternary, absmean_sums_in_double) {
  // In f32 the small ones would be lost beside the large one.
  std::vector<float> weights(1 << 20, 0.25f);
  weights[0] = 67108864.0f;
  double mean = (67108864.0 + 0.25 * ((1 << 20) - 1)) / (1 << 20);
  EXPECT_EQ(ruleOf(weights).factor, 1.0f / float(mean));
}

TEST(Ternary, absmean_of_any_length_and_type_agree) {
  for (size_t length : {1, 2, 15, 16, 17, 2047, 2048, 2049, 5000}) {
    std::vector<float> weights;
    double sum = 0;
    for (size_t i = 0; i < length; ++i) {
      weights.push_back(float(int(i * 37 % 255) - 127) / 64);
      sum += std::fabs(weights.back());
    }
    std::string narrow = test::bf16(weights);
    AbsmeanRule rule = absmeanRule(DType::BF16, bytesOf(narrow), length);
    EXPECT_EQ(rule.factor, 1.0f / float(sum / double(length)));
    EXPECT_EQ(ruleOf(weights).factor, rule.factor);
  }
}

TEST(Ternary, not_a_number_gives_no_rule) {
  EXPECT_EQ(ruleOf({1.0f, NAN}).scale, 0);
  EXPECT_EQ(ruleOf({1.0f, INFINITY}).scale, 0);
  EXPECT_EQ(ruleOf({1.0f, -INFINITY}).scale, 0);
}

TEST(Ternary, quantize_rounds_half_to_even) {
  EXPECT_EQ(quantized({0.5f, -0.5f, 0.50000006f, -0.50000006f, 0.49999997f,
                       1.5f, -1.5f, 0.0f, -0.0f, 1.0f, -1.0f},
                      1.0f),
            (std::vector<int>{0, 0, 1, -1, 0, 1, -1, 0, 0, 1, -1}));
}

TEST(Ternary, quantize_clamps_however_large) {
  EXPECT_EQ(quantized({3e38f, -3e38f, 1e20f, 5.0f}, 1e5f),
            (std::vector<int>{1, -1, 1, 1}));
}

TEST(Ternary, quantize_equals_the_formula) {
  std::vector<float> weights;
  for (int i = -5000; i <= 5000; ++i)
    weights.push_back(float(i) * 0.00037f);
  for (float factor : {0.3f, 1.0f, 1.7f}) {
    std::vector<int> formula;
    for (float weight : weights) {
      float scaled = weight * factor;
      formula.push_back(
          int(std::min(1.0f, std::max(-1.0f, std::nearbyint(scaled)))));
    }
    EXPECT_EQ(quantized(weights, factor), formula);
  }
}

TEST(Ternary, finds_the_first_number_that_is_none) {
  EXPECT_EQ(firstNotFinite({1.0f, -3e38f, 0.0f}), 3u);
  EXPECT_EQ(firstNotFinite({1.0f, INFINITY, NAN}), 1u);
  EXPECT_EQ(firstNotFinite({-NAN}), 0u);
}

} // namespace
} // namespace tritc::import
