//===- GgufLayoutTest.cpp - Which order of I2_S codes the data speak for --===//

#include "compiler/import/gguf/GgufLayout.h"

#include "test/unit/import/TestGguf.h"

#include <random>

using namespace tritc;
using namespace tritc::import;

/// I2_S bytes, in order A, of `rows` rows of as many columns as `norm` has. The
/// chance of a weight that is not zero grows with the column's norm if
/// `follows`.
static std::string bytesOfMatrix(const std::vector<float> &norm, unsigned rows,
                                 bool follows, unsigned seed) {
  std::mt19937 random(seed);
  auto uniform = [&] { return double(random()) / 4294967296.0; };
  std::vector<int> weights;
  for (unsigned row = 0; row < rows; ++row)
    for (float value : norm) {
      double density = follows ? 0.3 + 0.4 * value : 0.5;
      bool isZero = uniform() >= density;
      weights.push_back(isZero ? 0 : uniform() < 0.5 ? -1 : 1);
    }
  return test::i2s(weights, 1);
}

namespace {
/// Samples that are in order A.
struct Samples {
  explicit Samples(bool follows) {
    std::mt19937 random(7);
    for (unsigned i = 0; i < 6; ++i) {
      std::vector<float> norm;
      for (unsigned k = 0; k < 256; ++k)
        norm.push_back(float(random() % 1024) / 1024.0f);
      bytes.push_back(bytesOfMatrix(norm, 128, follows, i));
      list.push_back({{}, 128, 256, norm});
    }
    for (unsigned i = 0; i < 6; ++i)
      list[i].bytes = {reinterpret_cast<const uint8_t *>(bytes[i].data()),
                       bytes[i].size()};
  }
  std::vector<std::string> bytes;
  std::vector<LayoutSample> list;
};
} // namespace

TEST(GgufLayout, density_that_follows_the_norm_tells_the_order) {
  Samples samples(/*follows=*/true);
  EXPECT_GT(layoutStrength(samples.list, I2sLayout::A), 20);
  EXPECT_FALSE(likelierLayout(samples.list, I2sLayout::A));
  EXPECT_EQ(likelierLayout(samples.list, I2sLayout::B), I2sLayout::A);
  EXPECT_EQ(likelierLayout(samples.list, I2sLayout::C), I2sLayout::A);
}

TEST(GgufLayout, random_weights_say_nothing) {
  Samples samples(/*follows=*/false);
  for (I2sLayout layout : {I2sLayout::A, I2sLayout::B, I2sLayout::C}) {
    EXPECT_LT(layoutStrength(samples.list, layout), 5);
    EXPECT_FALSE(likelierLayout(samples.list, layout));
  }
  EXPECT_FALSE(likelierLayout({}, I2sLayout::A));
}

TEST(GgufLayout, constant_norms_say_nothing) {
  Samples samples(/*follows=*/true);
  for (LayoutSample &sample : samples.list)
    sample.norm.assign(256, 1);
  EXPECT_FALSE(likelierLayout(samples.list, I2sLayout::B));
}
