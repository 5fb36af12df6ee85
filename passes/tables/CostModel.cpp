//===- CostModel.cpp - What a ternary product costs -----------------------===//
#include "passes/tables/CostModel.h"

#include "llvm/Support/MathExtras.h"

using namespace tritc::lut;

namespace tritc::tables {

Prediction predict(KernelAttr kernel, MachineAttr machine,
                   bitnet::TernaryType matrix) {
  PackingSpec spec = kernel.getPacking().spec();
  Tiles tiles = matrix.getTiles(spec);
  int64_t share = llvm::divideCeil(tiles.count, machine.getCores());
  double weights =
      double(share) * double(tiles.rows) * double(matrix.getCols());
  double cycles = weights * double(kernel.getCycles()) / 1000;
  double bytes = double(tiles.count) * double(tiles.bytes);
  return {.compute = cycles * 1000 / double(machine.getMhz()),
          .memory = bytes * 1000 / double(machine.getBandwidth())};
}

bool canCompute(KernelAttr kernel, bitnet::TernaryType matrix) {
  return matrix.getCols() <= kernel.getPacking().spec().mostColumns();
}

/// Measured nanoseconds of `kernel`; 0 for none.
static double measuredTime(TargetAttr target, KernelAttr kernel,
                           bitnet::TernaryType matrix) {
  TimingAttr timing =
      target.timingOf(kernel, matrix.getRows(), matrix.getCols());
  return timing ? double(timing.getDecode()) : 0;
}

KernelAttr chooseKernel(TargetAttr target, bitnet::TernaryType matrix) {
  // A measured time differs from one run to the next by as much.
  constexpr double worthwhile = 0.97;
  KernelAttr best;
  double bestTime = 0;
  bool allMeasured = true;
  for (KernelAttr kernel : target.getKernels()) {
    if (!canCompute(kernel, matrix))
      continue;
    allMeasured &= measuredTime(target, kernel, matrix) > 0;
    double time = predict(kernel, target.getMachine(), matrix).time();
    if (best && time >= bestTime)
      continue;
    best = kernel;
    bestTime = time;
  }
  if (!best || !allMeasured)
    return best;
  // A prediction stands until something is clearly faster.
  KernelAttr fastest = best;
  for (KernelAttr kernel : target.getKernels())
    if (canCompute(kernel, matrix) && measuredTime(target, kernel, matrix) <
                                          measuredTime(target, fastest, matrix))
      fastest = kernel;
  bool isClear = measuredTime(target, fastest, matrix) <
                 measuredTime(target, best, matrix) * worthwhile;
  return isClear ? fastest : best;
}

} // namespace tritc::tables
