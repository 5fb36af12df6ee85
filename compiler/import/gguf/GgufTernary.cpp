//===- GgufTernary.cpp - Ternary encodings without tiles ------------------===//

#include "compiler/import/gguf/GgufTernary.h"

#include "compiler/import/model/DType.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"

#include <algorithm>

namespace tritc::import {

using Bytes = llvm::ArrayRef<uint8_t>;
using Row = llvm::MutableArrayRef<int8_t>;

float readScale(Bytes bytes, const ScalePlaces &places, uint64_t index) {
  const uint8_t *at = bytes.data() + index / places.group * places.stride +
                      places.offset + index % places.group * 4;
  if (places.isHalf)
    return f16ToFloat(llvm::support::endian::read16le(at));
  return std::bit_cast<float>(llvm::support::endian::read32le(at));
}

static std::string noMultiple(const char *what, uint64_t divisor,
                              uint64_t found) {
  if (found % divisor == 0)
    return "";
  return (llvm::Twine("expected ") + what + " a multiple of " +
          llvm::Twine(divisor) + ", found " + llvm::Twine(found))
      .str();
}

/// One f16 or f32 per row, in front of it.
static ScalePlaces perRow(const TernaryLayout &layout, uint64_t rowBytes,
                          bool isHalf) {
  return {layout.rows, 1, rowBytes, 0, isHalf};
}

//===----------------------------------------------------------------------===//
// I2_S: two-bit codes, one scale at the end
//===----------------------------------------------------------------------===//

static std::string problemI2s(const TernaryLayout &layout) {
  if (layout.i2s == I2sLayout::C)
    return noMultiple("rows", 4, layout.rows);
  return noMultiple("rows * columns", layout.i2s == I2sLayout::A ? 128 : 64,
                    layout.rows * layout.columns);
}

static uint64_t bytesI2s(const TernaryLayout &layout) {
  return layout.rows * layout.columns / 4;
}

static ScalePlaces scalesI2s(const TernaryLayout &layout) {
  return {1, 1, 0, bytesI2s(layout), false};
}

/// The shift is a constant: only then do vectors come out of it.
template <unsigned Shift>
static void unpackTwoBits(const uint8_t *bytes, int8_t *out, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i)
    out[i] = int8_t((bytes[i] >> Shift & 3) - 1);
}

/// Blocks of 4 * BlockBytes elements: a byte holds one of each quarter, the
/// first quarter in its highest bits. Rows may begin inside a block.
template <uint64_t BlockBytes>
static void decodeBlocks(const uint8_t *bytes, uint64_t begin, Row out) {
  constexpr uint64_t elements = 4 * BlockBytes;
  uint64_t end = begin + out.size();
  for (uint64_t block = begin / elements; block * elements < end; ++block) {
    uint64_t first = block * elements;
    bool isWhole = first >= begin && first + elements <= end;
    int8_t part[elements];
    int8_t *to = isWhole ? out.data() + (first - begin) : part;
    const uint8_t *from = bytes + block * BlockBytes;
    unpackTwoBits<6>(from, to, BlockBytes);
    unpackTwoBits<4>(from, to + BlockBytes, BlockBytes);
    unpackTwoBits<2>(from, to + 2 * BlockBytes, BlockBytes);
    unpackTwoBits<0>(from, to + 3 * BlockBytes, BlockBytes);
    if (isWhole)
      continue;
    uint64_t low = std::max(first, begin);
    uint64_t high = std::min(first + elements, end);
    std::copy(part + (low - first), part + (high - first),
              out.data() + (low - begin));
  }
}

static void decodeI2s(Bytes bytes, const TernaryLayout &layout, uint64_t row,
                      Row out) {
  const uint8_t *from = bytes.data();
  uint64_t columns = layout.columns;
  if (layout.i2s == I2sLayout::A)
    return decodeBlocks<32>(from, row * columns, out);
  if (layout.i2s == I2sLayout::B)
    return decodeBlocks<16>(from, row * columns, out);
  from += row / 4 * columns;
  switch (row % 4) {
  case 0:
    return unpackTwoBits<6>(from, out.data(), columns);
  case 1:
    return unpackTwoBits<4>(from, out.data(), columns);
  case 2:
    return unpackTwoBits<2>(from, out.data(), columns);
  default:
    return unpackTwoBits<0>(from, out.data(), columns);
  }
}

constexpr TernaryEncoding encodingI2s = {"I2_S",   false,     problemI2s,
                                         bytesI2s, scalesI2s, decodeI2s};

//===----------------------------------------------------------------------===//
// TQ1_0, TQ2_0: a scale for every 256 weights
//===----------------------------------------------------------------------===//

static constexpr uint64_t tqElements = 256;

static std::string problemTq(const TernaryLayout &layout) {
  return noMultiple("columns", tqElements, layout.columns);
}

template <uint64_t BlockBytes>
static uint64_t bytesTq(const TernaryLayout &layout) {
  return layout.rows * (layout.columns / tqElements) * BlockBytes;
}

template <uint64_t BlockBytes>
static ScalePlaces scalesTq(const TernaryLayout &layout) {
  return {layout.rows * (layout.columns / tqElements), 1, BlockBytes,
          BlockBytes - 2, true};
}

/// The digits of `count` bytes in base three, most significant first: digit n
/// of byte m goes to out[n * count + m].
static void decodeDigits(const uint8_t *from, uint64_t count, unsigned digits,
                         int8_t *out) {
  unsigned power = 1;
  for (unsigned n = 0; n < digits; ++n, power *= 3, out += count)
    for (uint64_t m = 0; m < count; ++m)
      out[m] = int8_t((uint8_t(from[m] * power) * 3u >> 8) - 1);
}

static void decodeTq10(Bytes bytes, const TernaryLayout &layout, uint64_t row,
                       Row out) {
  const uint8_t *from = bytes.data() + row * (layout.columns / tqElements) * 54;
  for (uint64_t k = 0; k < layout.columns; k += tqElements, from += 54) {
    decodeDigits(from, 32, 5, &out[k]);
    decodeDigits(from + 32, 16, 5, &out[k + 160]);
    decodeDigits(from + 48, 4, 4, &out[k + 240]);
  }
}

static void decodeTq20(Bytes bytes, const TernaryLayout &layout, uint64_t row,
                       Row out) {
  const uint8_t *from = bytes.data() + row * (layout.columns / tqElements) * 66;
  for (uint64_t k = 0; k < layout.columns; k += tqElements, from += 66)
    for (uint64_t half = 0; half < 2; ++half) {
      const uint8_t *codes = from + 32 * half;
      int8_t *to = &out[k + 128 * half];
      unpackTwoBits<0>(codes, to, 32);
      unpackTwoBits<2>(codes, to + 32, 32);
      unpackTwoBits<4>(codes, to + 64, 32);
      unpackTwoBits<6>(codes, to + 96, 32);
    }
}

constexpr TernaryEncoding encodingTq10 = {
    "TQ1_0", false, problemTq, bytesTq<54>, scalesTq<54>, decodeTq10};
constexpr TernaryEncoding encodingTq20 = {
    "TQ2_0", false, problemTq, bytesTq<66>, scalesTq<66>, decodeTq20};

//===----------------------------------------------------------------------===//
// IQ1_BN, IQ2_BN, IQ2_BN_R4: a scale in front of every row
//===----------------------------------------------------------------------===//

static constexpr uint64_t bnElements = 64;

static std::string problemBn(const TernaryLayout &layout) {
  return noMultiple("columns", bnElements, layout.columns);
}

static uint64_t rowBytesIq1(const TernaryLayout &layout) {
  return 2 + layout.columns / bnElements * 13;
}
static uint64_t bytesIq1(const TernaryLayout &layout) {
  return layout.rows * rowBytesIq1(layout);
}
static ScalePlaces scalesIq1(const TernaryLayout &layout) {
  return perRow(layout, rowBytesIq1(layout), true);
}

/// The digit in base three that multiplying by `power` has moved to the top.
static int8_t digitIq1(uint8_t byte, unsigned power) {
  unsigned value = uint8_t(byte * power);
  return int8_t(((value + (value >> 1)) >> 7) - 1);
}

static void decodeIq1(Bytes bytes, const TernaryLayout &layout, uint64_t row,
                      Row out) {
  static constexpr unsigned powers[] = {81, 27, 9, 3, 1};
  const uint8_t *from = bytes.data() + row * rowBytesIq1(layout) + 2;
  for (uint64_t k = 0; k < layout.columns; k += bnElements, from += 13)
    for (unsigned i = 0; i < 4; ++i) {
      for (unsigned j = 0; j < 15; ++j)
        out[k + 16 * i + j] = digitIq1(from[3 * i + j / 5], powers[j % 5]);
      out[k + 16 * i + 15] = digitIq1(from[12], powers[i]);
    }
}

constexpr TernaryEncoding encodingIq1Bn = {"IQ1_BN", false,     problemBn,
                                           bytesIq1, scalesIq1, decodeIq1};

static uint64_t rowBytesIq2(const TernaryLayout &layout) {
  return 4 + layout.columns / 4;
}
static uint64_t bytesIq2(const TernaryLayout &layout) {
  return layout.rows * rowBytesIq2(layout);
}
static ScalePlaces scalesIq2(const TernaryLayout &layout) {
  return perRow(layout, rowBytesIq2(layout), false);
}

static void decodeIq2(Bytes bytes, const TernaryLayout &layout, uint64_t row,
                      Row out) {
  const uint8_t *from = bytes.data() + row * rowBytesIq2(layout) + 4;
  for (uint64_t k = 0; k < layout.columns; k += bnElements, from += 16) {
    unpackTwoBits<0>(from, &out[k], 16);
    unpackTwoBits<2>(from, &out[k + 16], 16);
    unpackTwoBits<4>(from, &out[k + 32], 16);
    unpackTwoBits<6>(from, &out[k + 48], 16);
  }
}

constexpr TernaryEncoding encodingIq2Bn = {"IQ2_BN", false,     problemBn,
                                           bytesIq2, scalesIq2, decodeIq2};

static std::string problemR4(const TernaryLayout &layout) {
  std::string problem = noMultiple("rows", 4, layout.rows);
  return problem.empty() ? problemBn(layout) : problem;
}

/// Four rows share a header of four scales and groups of 64 bytes.
static uint64_t groupBytesR4(const TernaryLayout &layout) {
  return 16 + layout.columns;
}
static uint64_t bytesR4(const TernaryLayout &layout) {
  return layout.rows / 4 * groupBytesR4(layout);
}
static ScalePlaces scalesR4(const TernaryLayout &layout) {
  return {layout.rows, 4, groupBytesR4(layout), 0, false};
}

static void decodeR4(Bytes bytes, const TernaryLayout &layout, uint64_t row,
                     Row out) {
  const uint8_t *from =
      bytes.data() + row / 4 * groupBytesR4(layout) + 16 + row % 4 * 4;
  for (uint64_t k = 0; k < layout.columns; k += bnElements, from += 64)
    for (unsigned l = 0; l < 4; ++l)
      for (unsigned i = 0; i < 4; ++i)
        for (unsigned pair = 0; pair < 4; ++pair)
          out[k + 16 * l + 4 * pair + i] =
              int8_t((from[16 * l + i] >> (2 * pair) & 3) - 1);
}

constexpr TernaryEncoding encodingIq2BnR4 = {"IQ2_BN_R4", false,    problemR4,
                                             bytesR4,     scalesR4, decodeR4};

} // namespace tritc::import
