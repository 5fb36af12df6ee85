//===- CostModel.h - What a ternary product costs -------------------------===//
#pragma once

#include "dialects/lut/Lut.h"

namespace tritc::tables {

/// Nanoseconds of the product of one token with a matrix.
struct Prediction {
  double compute; ///< of the busiest core; they share whole tiles of rows
  double memory;  ///< that the bytes take to read

  double time() const { return std::max(compute, memory); }
};

Prediction predict(lut::KernelAttr kernel, lut::MachineAttr machine,
                   bitnet::TernaryType matrix);

/// Whether the matrix is not too wide for the kernel.
bool canCompute(lut::KernelAttr kernel, bitnet::TernaryType matrix);

/// The target's kernel of the lowest predicted time for that matrix; of equals,
/// the first. Where all of them were measured, one that is clearly faster takes
/// its place. A matrix has one packing, so prefill reads what is best for
/// decode. Null if the matrix is too wide for all of them.
lut::KernelAttr chooseKernel(lut::TargetAttr target,
                             bitnet::TernaryType matrix);

} // namespace tritc::tables
