//===- ThreadsTest.cpp - Any number of threads gives the same bits --------===//
#include "test/unit/targets/LinearLayer.h"

#include "targets/Registry.h"

#include <gtest/gtest.h>

#include <random>

using namespace tritc;
using namespace tritc::targets::test;

namespace {

class Threads : public testing::TestWithParam<const Target *> {};

TEST_P(Threads, GiveTheSameBits) {
  const Target &target = *GetParam();
  LinearLayer layer(target, target.kernels[0], {200, {160, 48, 32}, 7});
  std::mt19937 random(3);
  for (int64_t id = 0; id < layer.shape.inputs; ++id) {
    std::vector<float> input(layer.shape.columns);
    for (float &x : input)
      x = float(random()) / 1e9f - 2.0f;
    layer.setInput(id, input);
  }
  std::vector<int8_t> weights(layer.shape.rows() * layer.shape.columns);
  for (int8_t &weight : weights)
    weight = int8_t(int(random() % 3) - 1);
  layer.setWeights(weights, {0.5f, 0.25f, 3.0f});

  std::vector<float> one = layer.decode(5);
  std::vector<int32_t> ids = {0, 1, 2, 3, 4, 5, 6};
  std::vector<float> block = layer.prefill(ids);
  // More threads than tiles, and than cores.
  for (int64_t threads : {2, 3, 9})
    for (int repeat = 0; repeat < 20; ++repeat) {
      ASSERT_EQ(layer.decode(5, threads), one) << threads;
      ASSERT_EQ(layer.prefill(ids, threads), block) << threads;
    }
}

INSTANTIATE_TEST_SUITE_P(Targets, Threads, testing::ValuesIn(allTargets()),
                         [](const auto &info) {
                           return info.param->name.str();
                         });

} // namespace
