//===- GroupSums.cpp - Weights of a row, three at a time ------------------===//
//
// Highway compiles what is between its BEFORE and AFTER once for every
// instruction set and takes the best at run time.
//
//===----------------------------------------------------------------------===//

#include "dialects/lut/layouts/GroupSums.h"

#define HWY_TARGET_INCLUDE "dialects/lut/layouts/GroupSums.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace tritc::lut::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// A register of sixteen takes 48 columns: they divide groupSumColumns.
static void sumGroups(const int8_t *weights, int8_t *sums) {
  constexpr hn::CappedTag<int8_t, 16> bytes;
  constexpr int64_t lanes = hn::MaxLanes(bytes);
  static_assert(groupSumColumns % (3 * lanes) == 0);
  for (int64_t group = 0; group < groupSumColumns / 3; group += lanes) {
    hn::Vec<decltype(bytes)> a, b, c;
    hn::LoadInterleaved3(bytes, weights + 3 * group, a, b, c);
    auto ab = hn::Add(hn::Add(a, a), hn::Add(a, b));
    auto abc = hn::Add(hn::Add(ab, ab), hn::Add(ab, c));
    hn::StoreU(abc, bytes, sums + group);
  }
}

} // namespace tritc::lut::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tritc::lut {

HWY_EXPORT(sumGroups);

void sumGroups(const int8_t *weights, int8_t *sums) {
  HWY_DYNAMIC_DISPATCH(sumGroups)(weights, sums);
}

} // namespace tritc::lut
#endif
