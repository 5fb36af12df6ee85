//===- Ternary.cpp - Products with ternary matrices -----------------------===//
#include "tools/kernel-bench/Bench.h"

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

namespace {
/// What is done with a matrix.
struct Phase {
  llvm::StringLiteral name;
  bool isDecode;
  /// Layers of a matrix that takes `bytes`.
  int64_t (*layers)(int64_t bytes);
};
} // namespace

static constexpr Phase phases[] = {
    {"decode", true, layersOf},
    // A block of tokens waits for products, not for memory.
    {"prefill", false, [](int64_t) -> int64_t { return 4; }},
};
/// One token times a matrix that stays in L2: what computing alone takes. The
/// costs of kernels for the processor at hand come from here.
static constexpr Phase cached = {"cached", true,
                                 [](int64_t) -> int64_t { return 2; }};
static constexpr Shape cachedShape = {640, 2560};

static void addOne(const Target &target, const Kernel &kernel,
                   const Phase &phase, const Shape &shape) {
  int64_t weights = shape.rows * shape.columns;
  int64_t layers = phase.layers(weights / 5);
  double all = double(weights) * double(layers);
  Case what;
  what.name = llvm::formatv("ternary/{0}/{1}/{2}x{3}", tuning::nameOf(kernel),
                            phase.name, shape.rows, shape.columns);
  what.target = &target;
  what.kernel = &kernel;
  what.workload = tuning::ternaryProducts(shape.rows, shape.columns, layers);
  what.isDecode = phase.isDecode;
  what.amount = [=,
                 isDecode = phase.isDecode](const tuning::KernelRunner &runner,
                                            int64_t tokens) -> Case::Amount {
    if (isDecode)
      return {double(runner.ternaryBytes()), all, 0, 0};
    return {0, 0, all * double(tokens), 0};
  };
  add(what);
}

void addTernary() {
  for (const Target *target : allTargets())
    for (const Kernel &kernel : target->kernels) {
      for (const Shape &shape : shapes)
        for (const Phase &phase : phases)
          addOne(*target, kernel, phase, shape);
      addOne(*target, kernel, cached, cachedShape);
    }
}

} // namespace tritc::bench
