//===- TernaryWeights.h - Ternary weights out of bytes or floats ----------===//
//
// Pure functions, written as plain loops that compilers turn into vectors: a
// 2B model has 2.1e9 weights and all of them pass here.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/model/DType.h"

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace tritc::import {

/// Takes the two-bit codes of one packed row apart: out[k] = code - 1 of bits
/// 2*strip, 2*strip+1 of packed[k], strip in 0..3. Row strip * R + r of a
/// matrix of R packed rows lies in packed row r. Returns false if a code is 3;
/// out is then without meaning.
bool unpackCodes(const uint8_t *packed, unsigned strip,
                 llvm::MutableArrayRef<int8_t> out);

/// How a float matrix becomes ternary: t = clamp(rne(w * factor), -1, 1), and
/// the product is multiplied by `scale`.
struct AbsmeanRule {
  float factor;    ///< 1 / max(mean |W|, 1e-5), in f32
  float scale;     ///< 1 / factor, rounded to the type of the weights
  bool wasTernary; ///< all elements are in {-a, 0, a}
};

/// The rule for a whole matrix of `count` elements at `bytes` (a float type).
/// The mean is summed in double in one fixed order and rounded to f32. With
/// `keepsTernary`, a matrix whose elements are all in {-a, 0, a} gets the scale
/// a: it was quantized before, and the mean would shrink it by the share of
/// nonzero weights. A NaN or an infinity among the elements gives a scale of 0.
AbsmeanRule absmeanRule(DType dtype, const uint8_t *bytes, uint64_t count,
                        bool keepsTernary = false);

/// Applies the rule to out.size() elements at `bytes`, all finite.
void quantize(DType dtype, const uint8_t *bytes, float factor,
              llvm::MutableArrayRef<int8_t> out);

/// Index of the first NaN or infinity in `values`; values.size() if none.
uint64_t firstNotFinite(llvm::ArrayRef<float> values);

} // namespace tritc::import
