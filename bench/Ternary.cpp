//===- Ternary.cpp - Products with ternary matrices -----------------------===//
#include "bench/Bench.h"

#include "targets/Registry.h"

#include "llvm/Support/FormatVariadic.h"

namespace tritc::bench {

namespace {
struct Shape {
  int64_t rows, columns;
};
} // namespace

/// The projections of the 2B-4T shape: QKV, output, gate and up, down; and one
/// that takes no time, for tests.
static constexpr Shape shapes[] = {
    {3840, 2560}, {2560, 2560}, {13824, 2560}, {2560, 6912}, {64, 96}};

static Case::Amount decodeAmount(const tuning::KernelRunner &runner,
                                 double weights) {
  return {double(runner.ternaryBytes()), weights, 0, 0};
}

void addTernary() {
  for (const Target *target : allTargets())
    for (const Kernel &kernel : target->kernels)
      for (const Shape &shape : shapes) {
        int64_t weights = shape.rows * shape.columns;
        int64_t layers = layersOf(weights / 5);
        double all = double(weights) * double(layers);
        for (bool isDecode : {true, false}) {
          // A block of tokens waits for products, not for memory.
          int64_t count = isDecode ? layers : std::min<int64_t>(layers, 4);
          Case what;
          what.name = llvm::formatv(
              "ternary/{0}/{1}/{2}x{3}", tuning::nameOf(kernel),
              isDecode ? "decode" : "prefill", shape.rows, shape.columns);
          what.target = target;
          what.kernel = &kernel;
          what.workload =
              tuning::ternaryProducts(shape.rows, shape.columns, count);
          what.isDecode = isDecode;
          what.amount = [=](const tuning::KernelRunner &runner,
                            int64_t tokens) -> Case::Amount {
            if (isDecode)
              return decodeAmount(runner, all);
            return {0, 0, double(weights * count) * double(tokens), 0};
          };
          add(what);
        }
      }
}

} // namespace tritc::bench
