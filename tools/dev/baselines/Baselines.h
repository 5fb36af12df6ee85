//===- Baselines.h - What everybody does with two-bit weights -------------===//
//
// Products of ternary rows with one vector of bytes, written the obvious way.
// Their inner loops are what tools/dev/predict_speed compares kernels with.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Columns of a block, and the rows that are summed together.
enum { blockColumns = 64, tileRows = 4 };

/// Four rows, exactly: sums[r] = sum over columns k of w[r][k] * x[k].
/// \param weights  [blocks x 4 rows x 16 bytes]; bits 2i and 2i + 1 of byte j
///                 hold w + 1 of column 16 i + j of the block
/// \param x        [64 blocks] activations, all of -128..127
/// \param sums     [4]
typedef void Matvec(const uint8_t *weights, const int8_t *x, size_t blocks,
                    int32_t *sums);

#define TRITC_BASELINES(BASELINE)                                              \
  BASELINE(andShiftSmlal)                                                      \
  BASELINE(andShiftSdot)

#define TRITC_DECLARE(name) Matvec name;
TRITC_BASELINES(TRITC_DECLARE)
#undef TRITC_DECLARE
