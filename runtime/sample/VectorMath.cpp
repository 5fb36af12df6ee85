//===- VectorMath.cpp - Whole-vocabulary loops ----------------------------===//

#include "runtime/sample/VectorMath.h"

// One compilation per target, so Highway's run-time dispatch (a library of its
// own) stays out; so do its assertions, which would call into that library.
#define HWY_COMPILE_ONLY_STATIC
#define HWY_IS_DEBUG_BUILD 0
#include <hwy/highway.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>

using namespace tritc;
namespace hn = hwy::HWY_NAMESPACE;

namespace {
constexpr size_t laneCount = 16;
using FloatTag = hn::CappedTag<float, laneCount>;
using Floats = hn::Vec<FloatTag>;
constexpr FloatTag floats;
} // namespace

/// Calls `visit(const float *block)` for every 16 values; the last block is
/// filled up with `padding`.
template <typename Visit>
static void forEachBlock(std::span<const float> values, float padding,
                         Visit &&visit) {
  size_t whole = values.size() / laneCount * laneCount;
  for (size_t i = 0; i < whole; i += laneCount)
    visit(values.data() + i);
  if (whole == values.size())
    return;
  float last[laneCount];
  std::fill(last, last + laneCount, padding);
  memcpy(last, values.data() + whole, (values.size() - whole) * sizeof(float));
  visit(last);
}

void sample::makeFinite(std::span<float> values) {
  for (float &value : values) {
    // The order of the comparisons sends NaN down.
    float floor = value > -FLT_MAX ? value : -FLT_MAX;
    value = floor < FLT_MAX ? floor : FLT_MAX;
  }
}

/// Largest of `values` and `start`; ignores NaN.
static float largest(std::span<const float> values, float start) {
  constexpr size_t width = hn::MaxLanes(floats);
  Floats lanes[laneCount / width];
  for (Floats &each : lanes)
    each = hn::Set(floats, start);
  forEachBlock(values, start, [&](const float *block) {
    for (size_t i = 0; i < laneCount / width; ++i) {
      Floats now = hn::LoadU(floats, block + i * width);
      lanes[i] = hn::IfThenElse(hn::Gt(now, lanes[i]), now, lanes[i]);
    }
  });
  HWY_ALIGN float best[laneCount];
  for (size_t i = 0; i < laneCount / width; ++i)
    hn::Store(lanes[i], floats, best + i * width);
  float result = start;
  for (float lane : best)
    result = lane > result ? lane : result;
  return result;
}

float sample::maximum(std::span<const float> values) {
  return largest(values, -FLT_MAX);
}

size_t sample::indexOfMaximum(std::span<const float> values) {
  // Gt is false for NaN, so -inf stays until something real comes.
  const float *found = std::find(values.data(), values.data() + values.size(),
                                 largest(values, -INFINITY));
  size_t index = static_cast<size_t>(found - values.data());
  return index == values.size() ? 0 : index;
}

/// e^x for x <= 0: x = n ln 2 + r with |r| <= ln(2)/2, a polynomial of degree 6
/// for e^r (coefficients of Cephes expf, S. Moshier), 2^n through the exponent.
static Floats exponential(Floats x) {
  auto limit = hn::Set(floats, -87.0f);
  auto isTiny = hn::Not(hn::Ge(x, limit)); // also NaN, from 0 * inf
  x = hn::Min(hn::Max(x, limit), hn::Zero(floats));
  // Adding 1.5 * 2^23 rounds to an integer in its low bits, on any machine.
  auto magic = hn::Set(floats, 12582912.0f);
  auto turns =
      hn::Add(hn::Mul(x, hn::Set(floats, 1.44269504088896341f)), magic);
  auto n = hn::Sub(turns, magic);
  // ln 2 in two parts: n times the first is exact.
  auto r = hn::Sub(x, hn::Mul(n, hn::Set(floats, 0.693359375f)));
  r = hn::Sub(r, hn::Mul(n, hn::Set(floats, -2.12194440e-4f)));

  auto p = hn::Set(floats, 1.9875691500e-4f);
  for (float coefficient :
       {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f,
        5.0000001201e-1f})
    p = hn::Add(hn::Mul(p, r), hn::Set(floats, coefficient));
  p = hn::Add(hn::Add(hn::Mul(hn::Mul(p, r), r), r), hn::Set(floats, 1.0f));

  hn::RebindToSigned<FloatTag> ints;
  auto exponent =
      hn::Add(hn::Sub(hn::BitCast(ints, turns), hn::BitCast(ints, magic)),
              hn::Set(ints, 127));
  p = hn::Mul(p, hn::BitCast(floats, hn::ShiftLeft<23>(exponent)));
  return hn::IfThenZeroElse(isTiny, p);
}

void sample::exponentials(std::span<const float> values, float shift,
                          float scale, float *out) {
  size_t done = 0;
  forEachBlock(values, 0.0f, [&](const float *block) {
    HWY_ALIGN float results[laneCount];
    for (size_t lane = 0; lane < laneCount; lane += hn::Lanes(floats)) {
      Floats x =
          hn::Sub(hn::LoadU(floats, block + lane), hn::Set(floats, shift));
      hn::Store(exponential(hn::Mul(x, hn::Set(floats, scale))), floats,
                results + lane);
    }
    size_t count = values.size() - done;
    if (count >= laneCount) // no call
      memcpy(out + done, results, sizeof(results));
    else
      memcpy(out + done, results, count * sizeof(float));
    done += laneCount;
  });
}

/// Sum of what `term` makes of the values and of the padding of the last block,
/// in 16 lanes and a tree.
template <typename Term>
static double sumOf(std::span<const float> values, float padding, Term &&term) {
  double sums[laneCount] = {};
  forEachBlock(values, padding, [&](const float *block) {
    HWY_ALIGN float results[laneCount];
    for (size_t lane = 0; lane < laneCount; lane += hn::Lanes(floats))
      hn::Store(term(hn::LoadU(floats, block + lane)), floats, results + lane);
    for (size_t lane = 0; lane < laneCount; ++lane)
      sums[lane] += static_cast<double>(results[lane]);
  });
  for (size_t half = laneCount / 2; half >= 1; half /= 2)
    for (size_t lane = 0; lane < half; ++lane)
      sums[lane] += sums[lane + half];
  return sums[0];
}

double sample::sumOfExponentials(std::span<const float> values, float shift) {
  return sumOf(values, -INFINITY, [&](Floats value) {
    return exponential(hn::Sub(value, hn::Set(floats, shift)));
  });
}

double sample::sumAtLeast(std::span<const float> values, float cutoff) {
  return sumOf(values, 0, [&](Floats value) {
    auto isKept = hn::Ge(value, hn::Set(floats, cutoff));
    return hn::IfThenElseZero(isKept, value);
  });
}

size_t sample::nextBlockAtLeast(std::span<const float> values, size_t from,
                                float threshold) {
  for (; from + laneCount <= values.size(); from += laneCount) {
    auto hit = hn::Ge(hn::LoadU(floats, values.data() + from),
                      hn::Set(floats, threshold));
    for (size_t lane = hn::Lanes(floats); lane < laneCount;
         lane += hn::Lanes(floats))
      hit = hn::Or(hit, hn::Ge(hn::LoadU(floats, values.data() + from + lane),
                               hn::Set(floats, threshold)));
    if (!hn::AllFalse(floats, hit))
      return from;
  }
  // The last, partial block is for the caller to look through.
  return std::min(from, values.size());
}
