//===- GgufLayout.cpp - Which order of I2_S codes the data speak for ------===//

#include "compiler/import/gguf/GgufLayout.h"

#include "compiler/import/gguf/GgufTernary.h"

#include <algorithm>
#include <cmath>

namespace tritc::import {

/// Rows that are looked at: enough to know a column's density to 2 %, and three
/// orders of a few matrices take a tenth of a second.
static constexpr uint64_t mostRows = 512;

/// Chance reaches it in no model: ten standard deviations.
static constexpr double significant = 10;
/// Orders agree on some columns, so that a wrong one keeps a part, a third at
/// most in what was measured.
static constexpr double clearly = 2;

/// Pearson's coefficient; 0 if one of the two is constant.
static double correlation(llvm::ArrayRef<float> x, llvm::ArrayRef<float> y) {
  double count = double(x.size()), sumX = 0, sumY = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sumX += x[i];
    sumY += y[i];
  }
  double xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    double dx = x[i] - sumX / count, dy = y[i] - sumY / count;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  double product = xx * yy;
  return product > 0 ? xy / std::sqrt(product) : 0;
}

/// Weights of each column that are not zero, among the first rows.
static std::vector<float> densities(const LayoutSample &sample,
                                    const TernaryLayout &layout) {
  std::vector<float> counts(sample.columns);
  std::vector<int8_t> row(sample.columns);
  for (uint64_t i = 0; i < std::min(sample.rows, mostRows); ++i) {
    encodingI2s.decodeRow(sample.bytes, layout, i, row);
    for (uint64_t k = 0; k < sample.columns; ++k)
      counts[k] += row[k] != 0 ? 1.0f : 0.0f;
  }
  return counts;
}

double layoutStrength(llvm::ArrayRef<LayoutSample> samples, I2sLayout layout) {
  double sum = 0;
  for (const LayoutSample &sample : samples) {
    TernaryLayout order = {sample.rows, sample.columns, layout};
    if (!encodingI2s.problem(order).empty())
      return 0;
    sum += correlation(densities(sample, order), sample.norm) *
           std::sqrt(double(sample.columns - 1));
  }
  return samples.empty() ? 0
                         : std::fabs(sum) / std::sqrt(double(samples.size()));
}

std::optional<I2sLayout> likelierLayout(llvm::ArrayRef<LayoutSample> samples,
                                        I2sLayout layout) {
  double best =
      std::max(significant, clearly * layoutStrength(samples, layout));
  std::optional<I2sLayout> found;
  for (I2sLayout other : {I2sLayout::A, I2sLayout::B, I2sLayout::C})
    if (double strength = layoutStrength(samples, other); strength > best) {
      best = strength;
      found = other;
    }
  return found;
}

} // namespace tritc::import
