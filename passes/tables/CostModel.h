//===- CostModel.h - What a ternary product costs -------------------------===//
#pragma once

#include "dialects/lut/Lut.h"

namespace tritc::tables {

/// Predicted nanoseconds of the product of one token with a matrix: the larger
/// of what its bytes take to read and what the busiest core takes to compute.
/// Cores share tiles of rows, of which the last may be padded.
double predictedTime(lut::KernelAttr kernel, lut::MachineAttr machine,
                     bitnet::TernaryType matrix);

/// The target's cheapest kernel for that matrix; of equals, the first. A matrix
/// has one packing, so prefill reads what is best for decode. Null if the
/// matrix is too wide for all of them.
lut::KernelAttr chooseKernel(lut::TargetAttr target,
                             bitnet::TernaryType matrix);

} // namespace tritc::tables
