//===- CostModel.cpp - What a ternary product costs -----------------------===//
#include "passes/tables/CostModel.h"

#include "llvm/Support/MathExtras.h"

using namespace tritc::lut;

namespace tritc::tables {

double predictedTime(KernelAttr kernel, MachineAttr machine,
                     bitnet::TernaryType matrix) {
  PackingSpec spec = kernel.getPacking().spec();
  int64_t rows = matrix.getRows(), columns = matrix.getCols();
  int64_t tiles = tileCount(spec, rows);
  int64_t share = llvm::divideCeil(tiles, machine.getCores());
  double weights = double(share) * double(spec.tileRows) * double(columns);
  double cycles = weights * double(kernel.getCycles()) / 1000;
  double compute = cycles * 1000 / double(machine.getMhz());
  double bytes = double(tiles) * double(tileBytes(spec, columns));
  double memory = bytes * 1000 / double(machine.getBandwidth());
  return std::max(compute, memory);
}

KernelAttr chooseKernel(TargetAttr target, bitnet::TernaryType matrix) {
  KernelAttr best;
  double bestTime = 0;
  for (KernelAttr kernel : target.getKernels()) {
    if (matrix.getCols() > kernel.getPacking().spec().mostColumns())
      continue;
    double time = predictedTime(kernel, target.getMachine(), matrix);
    if (best && time >= bestTime)
      continue;
    best = kernel;
    bestTime = time;
  }
  return best;
}

} // namespace tritc::tables
