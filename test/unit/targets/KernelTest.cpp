//===- KernelTest.cpp - Every target gives the bits of the meaning --------===//
#include "test/unit/targets/LinearLayer.h"

#include "targets/Registry.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace tritc;
using namespace tritc::targets::test;

namespace {

//===----------------------------------------------------------------------===//
// Inputs and weights
//===----------------------------------------------------------------------===//

/// Quantizes to -128, which no number does: m would be its size.
constexpr float minus128 = -std::numeric_limits<float>::quiet_NaN();

/// f(k) for every column, with one 127 where there is room, so that the step is
/// 1 and whole numbers quantize to themselves.
std::vector<float> wholeNumbers(int64_t columns,
                                llvm::function_ref<float(int64_t)> f) {
  std::vector<float> result(columns);
  for (int64_t k = 0; k < columns; ++k)
    result[k] = f(k);
  if (columns > 1)
    result[columns - 1] = 127.0f;
  return result;
}

std::vector<float> constant(int64_t columns, float value) {
  return std::vector<float>(columns, value);
}

std::vector<std::vector<float>> inputsOf(int64_t columns) {
  std::mt19937 random(7);
  auto whole = [&](int64_t) { return float(int(random() % 255) - 127); };
  auto any = [&](int64_t) { return float(random()) / 4e9f - 0.5f; };
  int64_t middle = columns / 2;
  return {
      constant(columns, 127.0f),
      constant(columns, -127.0f),
      constant(columns, minus128),
      constant(columns, 0.0f),
      wholeNumbers(columns, whole),
      wholeNumbers(columns, [](int64_t k) { return k % 2 ? 127.0f : -127.0f; }),
      wholeNumbers(columns,
                   [](int64_t k) { return k % 2 ? 127.0f : minus128; }),
      // Sums of 13 and 40, the largest l, in all groups.
      wholeNumbers(columns, [](int64_t k) { return k % 3 ? 0.0f : 13.0f; }),
      wholeNumbers(columns, [](int64_t k) { return k % 3 ? 0.0f : 40.0f; }),
      wholeNumbers(columns, [&](int64_t k) { return k == middle ? 1.f : 0.f; }),
      wholeNumbers(columns, [&](int64_t k) { return k == 0 ? -1.f : 0.f; }),
      wholeNumbers(columns, any),
      wholeNumbers(columns, [&](int64_t k) { return 250.0f * any(k); }),
  };
}

std::vector<std::vector<int8_t>> weightsOf(const Shape &shape) {
  std::mt19937 random(11);
  auto fill = [&](llvm::function_ref<int(int64_t, int64_t)> f) {
    std::vector<int8_t> result;
    for (int64_t n = 0; n < shape.rows(); ++n)
      for (int64_t k = 0; k < shape.columns; ++k)
        result.push_back(int8_t(f(n, k)));
    return result;
  };
  return {
      fill([&](int64_t, int64_t) { return int(random() % 3) - 1; }),
      fill([](int64_t, int64_t) { return 1; }),
      fill([](int64_t, int64_t) { return -1; }),
      fill([](int64_t, int64_t) { return 0; }),
      fill([](int64_t n, int64_t k) { return (n + k) % 2 ? 1 : -1; }),
      fill([](int64_t n, int64_t k) { return int((n + k) % 3) - 1; }),
  };
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

struct Case {
  const Target *target;
  size_t kernel; ///< of the target's
  Shape shape;
};

std::string nameOf(const Case &test) {
  std::string name = test.target->name.str();
  name += "_kernel" + std::to_string(test.kernel);
  name += "_K" + std::to_string(test.shape.columns) + "_N";
  for (int64_t rows : test.shape.sourceRows)
    name += "_" + std::to_string(rows);
  return name;
}

void PrintTo(const Case &test, std::ostream *out) { *out << nameOf(test); }

class Kernel : public testing::TestWithParam<Case> {};

void expectBitsOfTheMeaning(Case test, bool withoutBlocks) {
  auto inputs = inputsOf(test.shape.columns);
  test.shape.inputs = int64_t(inputs.size());
  LinearLayer layer(*test.target, test.target->kernels[test.kernel], test.shape,
                    withoutBlocks);
  for (auto [id, input] : llvm::enumerate(inputs))
    layer.setInput(int64_t(id), input);
  std::vector<float> scales = {1.0f, 0.0371f, 2.5f};
  scales.resize(test.shape.sourceRows.size());

  for (auto [kind, weights] : llvm::enumerate(weightsOf(test.shape))) {
    layer.setWeights(weights, scales);
    std::vector<std::vector<float>> expected;
    for (auto [id, input] : llvm::enumerate(inputs)) {
      expected.push_back(expectedOutputs(layer.shape, input, weights, scales));
      ASSERT_EQ(layer.decode(int32_t(id)), expected.back())
          << "decode, input " << id << ", weights " << kind;
    }
    for (int64_t tokens : {1, 2, 5, 6, 9, 13, 33, 96}) {
      // All numbers of tokens with random weights, with the others few and
      // many.
      if (kind != 0 && tokens != 13 && tokens != 33)
        continue;
      std::vector<int32_t> ids;
      std::vector<float> all;
      for (int64_t t = 0; t < tokens; ++t) {
        ids.push_back(int32_t((t + tokens) % int64_t(inputs.size())));
        llvm::append_range(all, expected[ids.back()]);
      }
      ASSERT_EQ(layer.prefill(ids), all)
          << "prefill of " << tokens << ", weights " << kind;
    }
  }
}

TEST_P(Kernel, GivesTheBitsOfTheMeaning) {
  expectBitsOfTheMeaning(GetParam(), /*withoutBlocks=*/false);
}

/// The lowering for targets that have no registers for blocks.
TEST(Blocks, AreVectorsElsewhere) {
  expectBitsOfTheMeaning({lookupTarget("x86_amx"), 0, {200, {33}, 0}},
                         /*withoutBlocks=*/true);
}

std::vector<Case> cases() {
  std::vector<Case> result;
  for (const Target *target : allTargets())
    for (size_t kernel = 0; kernel < target->kernels.size(); ++kernel) {
      for (int64_t columns :
           {1, 2, 3, 23, 24, 25, 47, 48, 72, 2560, 3072, 3073, 6912})
        result.push_back({target, kernel, {columns, {33}, 0}});
      for (int64_t rows : {1, 16, 64, 65, 130})
        result.push_back({target, kernel, {72, {rows}, 0}});
      // Each source has its own scale.
      result.push_back({target, kernel, {25, {16, 48, 33}, 0}});
    }
  return result;
}

INSTANTIATE_TEST_SUITE_P(Targets, Kernel, testing::ValuesIn(cases()),
                         [](const auto &info) { return nameOf(info.param); });

} // namespace
