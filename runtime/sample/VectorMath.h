//===- VectorMath.h - Whole-vocabulary loops, the same bits everywhere ----===//
//
// Sums run over 16 virtual lanes (element i in lane i mod 16) and one fixed
// tree, whatever the width of the machine's vectors; there is no fused
// multiply-add and no libm. The same logits give the same tokens on every CPU.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tritc::sample {

/// Makes every value finite: NaN and -inf become the lowest float, +inf the
/// largest.
void makeFinite(std::span<float> values);

/// Largest of finite values; the lowest float for an empty span.
float maximum(std::span<const float> values);

/// Index of the largest value, the lowest one among equals. NaN is smaller
/// than everything; 0 when there is nothing else, or nothing at all.
size_t indexOfMaximum(std::span<const float> values);

/// out[i] = e^((values[i] - shift) * scale) for arguments of at most 0 (larger
/// ones count as 0). Relative error below 2e-7; exactly 0 below -87.
/// `out` may be `values`.
void exponentials(std::span<const float> values, float shift, float scale,
                  float *out);

/// Sum of e^(values[i] - shift).
double sumOfExponentials(std::span<const float> values, float shift);

/// Sum of the values >= cutoff.
double sumAtLeast(std::span<const float> values, float cutoff);

/// Start of the first block of 16 values, at `from` or later, that holds one
/// >= threshold. A last block of fewer than 16 is returned unseen;
/// values.size() is the end. `from` is a multiple of 16.
size_t nextBlockAtLeast(std::span<const float> values, size_t from,
                        float threshold);

} // namespace tritc::sample
