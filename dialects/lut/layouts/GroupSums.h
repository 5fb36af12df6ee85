//===- GroupSums.h - Weights of a row, three at a time --------------------===//
#pragma once

#include <cstdint>

namespace tritc::lut {

/// Columns that sumGroups takes at once: whole groups, and whole blocks of
/// every packing of groups.
inline constexpr int64_t groupSumColumns = 192;

/// The number of each group of three weights of a row.
/// \param weights  [groupSumColumns], each -1, 0 or 1
/// \param sums     [groupSumColumns / 3]; sums[g] = 9a + 3b + c of the weights
///                 a, b, c of columns 3g, 3g+1, 3g+2
void sumGroups(const int8_t *weights, int8_t *sums);

} // namespace tritc::lut
