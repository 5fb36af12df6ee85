//===- Encodings.cpp - How GGUF files store ternary matrices --------------===//

#include "tools/tritc-synth/Encodings.h"

#include "tools/tritc-synth/Levels.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

namespace tritc::synth {

using Bytes = std::vector<uint8_t>;

static void put16(Bytes &bytes, uint16_t value) {
  bytes.push_back(uint8_t(value));
  bytes.push_back(uint8_t(value >> 8));
}

static void putF16(Bytes &bytes, float value) {
  put16(bytes, toBits(Element::F16, value));
}

static void putF32(Bytes &bytes, float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  put16(bytes, uint16_t(bits));
  put16(bytes, uint16_t(bits >> 16));
}

/// One scale at a multiple of 32 bytes, with 28 bytes of filling.
static Bytes withTail(Bytes bytes, float scale) {
  bytes.resize(llvm::alignTo(bytes.size(), 32));
  putF32(bytes, scale);
  bytes.resize(llvm::alignTo(bytes.size(), 32));
  return bytes;
}

/// The code of a weight: 0, 1 or 2.
static unsigned code(int8_t weight) { return unsigned(weight + 1); }

//===----------------------------------------------------------------------===//
// Two bits a weight
//===----------------------------------------------------------------------===//

/// Blocks of 4 * step weights; the first quarter in the highest bits.
static Bytes encodeI2s(const TernaryWeights &weights, uint64_t step) {
  Bytes bytes;
  for (uint64_t block = 0; block < weights.values.size(); block += 4 * step)
    for (uint64_t j = 0; j < step; ++j) {
      unsigned byte = 0;
      for (uint64_t quarter = 0; quarter < 4; ++quarter)
        byte = byte << 2 | code(weights.values[block + quarter * step + j]);
      bytes.push_back(uint8_t(byte));
    }
  return withTail(std::move(bytes), weights.scale);
}
static Bytes encodeI2sA(const TernaryWeights &weights) {
  return encodeI2s(weights, 32);
}
static Bytes encodeI2sB(const TernaryWeights &weights) {
  return encodeI2s(weights, 16);
}
/// Four rows to a byte.
static Bytes encodeI2sC(const TernaryWeights &weights) {
  Bytes bytes;
  for (uint64_t row = 0; row < weights.rows; row += 4)
    for (uint64_t column = 0; column < weights.columns; ++column) {
      unsigned byte = 0;
      for (uint64_t i = 0; i < 4; ++i)
        byte = byte << 2 |
               code(weights.values[(row + i) * weights.columns + column]);
      bytes.push_back(uint8_t(byte));
    }
  return withTail(std::move(bytes), weights.scale);
}

/// `count` bytes of four weights that are `count` apart, the first in the
/// lowest bits.
static void putQuarters(Bytes &bytes, const int8_t *weights, uint64_t count) {
  for (uint64_t j = 0; j < count; ++j) {
    unsigned byte = 0;
    for (unsigned l = 0; l < 4; ++l)
      byte |= code(weights[l * count + j]) << (2 * l);
    bytes.push_back(uint8_t(byte));
  }
}

static Bytes encodeTq20(const TernaryWeights &weights) {
  Bytes bytes;
  for (uint64_t i = 0; i < weights.values.size(); i += 256) {
    putQuarters(bytes, &weights.values[i], 32);
    putQuarters(bytes, &weights.values[i + 128], 32);
    putF16(bytes, weights.scale);
  }
  return bytes;
}

static Bytes encodeIq2Bn(const TernaryWeights &weights) {
  Bytes bytes;
  for (uint64_t row = 0; row < weights.rows; ++row) {
    putF32(bytes, weights.scale);
    for (uint64_t k = 0; k < weights.columns; k += 64)
      putQuarters(bytes, &weights.values[row * weights.columns + k], 16);
  }
  return bytes;
}

/// Four rows together: their scales, then 64 bytes for 64 columns of them.
static Bytes encodeIq2BnR4(const TernaryWeights &weights) {
  Bytes bytes;
  for (uint64_t row = 0; row < weights.rows; row += 4) {
    for (unsigned r = 0; r < 4; ++r)
      putF32(bytes, weights.scale);
    for (uint64_t k = 0; k < weights.columns; k += 64)
      for (unsigned l = 0; l < 4; ++l)
        for (unsigned r = 0; r < 4; ++r)
          for (unsigned i = 0; i < 4; ++i) {
            const int8_t *from =
                &weights.values[(row + r) * weights.columns + k + 16 * l + i];
            bytes.push_back(uint8_t(code(from[0]) | code(from[4]) << 2 |
                                    code(from[8]) << 4 | code(from[12]) << 6));
          }
  }
  return bytes;
}

//===----------------------------------------------------------------------===//
// Five weights a byte
//===----------------------------------------------------------------------===//

/// Weights `step` apart as digits, most significant first.
static uint8_t tritByte(const int8_t *weights, uint64_t step, unsigned digits) {
  unsigned value = 0;
  for (unsigned n = 0; n < 5; ++n)
    value = value * 3 + (n < digits ? code(weights[n * step]) : 0);
  return uint8_t((256 * value + 242) / 243);
}

static Bytes encodeTq10(const TernaryWeights &weights) {
  Bytes bytes;
  for (uint64_t i = 0; i < weights.values.size(); i += 256) {
    const int8_t *from = &weights.values[i];
    for (unsigned m = 0; m < 32; ++m)
      bytes.push_back(tritByte(from + m, 32, 5));
    for (unsigned m = 0; m < 16; ++m)
      bytes.push_back(tritByte(from + 160 + m, 16, 5));
    for (unsigned j = 0; j < 4; ++j)
      bytes.push_back(tritByte(from + 240 + j, 4, 4));
    putF16(bytes, weights.scale);
  }
  return bytes;
}

/// Sixteen weights in three bytes and a digit of a fourth, the first weight in
/// the least significant digit.
static Bytes encodeIq1Bn(const TernaryWeights &weights) {
  auto byteOf = [](unsigned value) {
    return uint8_t((256 * value + 242) / 243);
  };
  Bytes bytes;
  for (uint64_t i = 0; i < weights.values.size(); i += 64) {
    if (i % weights.columns == 0)
      putF16(bytes, weights.scale);
    unsigned extra = 0, power = 1;
    for (uint64_t group = i; group < i + 64; group += 16, power *= 3) {
      for (uint64_t byte = 0; byte < 3; ++byte) {
        unsigned value = 0;
        for (uint64_t j = 5; j-- > 0;)
          value = value * 3 + code(weights.values[group + 5 * byte + j]);
        bytes.push_back(byteOf(value));
      }
      extra += code(weights.values[group + 15]) * power;
    }
    bytes.push_back(byteOf(extra));
  }
  return bytes;
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

static std::string problemTl1(const import::LutTiles &tiles, uint64_t rows,
                              uint64_t columns) {
  auto [tileRows, tileColumns, block] = tiles;
  if (block != 16 && block != 32 && block != 64)
    return "expected bm 16, 32 or 64";
  if (rows % tileRows != 0 || columns % tileColumns != 0)
    return "expected tiles that divide rows and columns";
  if (tileRows % block != 0 || tileColumns % (256 / block) != 0)
    return "expected blocks that divide tiles";
  return "";
}

static std::string problemTl2(const import::LutTiles &tiles, uint64_t rows,
                              uint64_t columns) {
  auto [tileRows, tileColumns, block] = tiles;
  if (block != 32)
    return "expected bm 32";
  if (rows % tileRows != 0 || columns % tileColumns % 32 != 0)
    return "expected tiles that divide rows, and columns but for a multiple of "
           "32";
  if (tileRows % block != 0 || tileColumns % 24 != 0)
    return "expected blocks of 32 rows and 24 columns that divide tiles";
  return "";
}

static uint8_t pairByte(const int8_t *weights) {
  auto pair = [](const int8_t *w) { return unsigned(3 * w[0] + w[1] + 4); };
  return uint8_t(pair(weights) << 4 | pair(weights + 2));
}

static Bytes encodeTl1(const TernaryWeights &weights) {
  auto [tileRows, tileColumns, block] = weights.tiles;
  uint64_t width = 256 / block;
  Bytes bytes;
  for (uint64_t row = 0; row < weights.rows; row += tileRows)
    for (uint64_t column = 0; column < weights.columns; column += tileColumns)
      for (uint64_t b = 0; b < tileRows; b += block)
        for (uint64_t w = 0; w < tileColumns; w += width)
          for (uint64_t r16 = 0; r16 < block; r16 += 16)
            for (uint64_t q = 0; q < width; q += 4)
              for (uint64_t r = row + b + r16; r < row + b + r16 + 16; ++r)
                bytes.push_back(pairByte(
                    &weights.values[r * weights.columns + column + w + q]));
  return withTail(std::move(bytes), weights.scale);
}

static int tripleValue(const int8_t *w) { return 9 * w[0] + 3 * w[1] + w[2]; }

/// Rows of a block of 32 as the kernel wants them.
static const uint64_t groupOrder[] = {0, 2, 1, 3};

static void putTriples(Bytes &bytes, const TernaryWeights &weights,
                       uint64_t end) {
  auto [tileRows, tileColumns, block] = weights.tiles;
  for (uint64_t row = 0; row < weights.rows; row += tileRows)
    for (uint64_t column = 0; column < end; column += tileColumns)
      for (uint64_t b = row; b < row + tileRows; b += block)
        for (uint64_t c = column; c < column + tileColumns; c += 6)
          for (uint64_t s = 0; s < block; ++s) {
            uint64_t r = b + groupOrder[s / 8] * 8 + s % 8;
            const int8_t *from = &weights.values[r * weights.columns + c];
            bytes.push_back(uint8_t(std::abs(tripleValue(from)) << 4 |
                                    std::abs(tripleValue(from + 3))));
          }
}

static void putSigns(Bytes &bytes, const TernaryWeights &weights,
                     uint64_t end) {
  auto [tileRows, tileColumns, block] = weights.tiles;
  for (uint64_t row = 0; row < weights.rows; row += tileRows)
    for (uint64_t column = 0; column < end; column += tileColumns)
      for (uint64_t b = row; b < row + tileRows; b += block)
        for (uint64_t c = column; c < column + tileColumns; c += 24)
          for (uint64_t r = b; r < b + block / 2; ++r) {
            unsigned word = 0;
            for (unsigned u = 0; u < 8; ++u)
              for (uint64_t half : {r, r + block / 2}) {
                const int8_t *from =
                    &weights.values[half * weights.columns + c + 3 * u];
                word = word << 1 | (tripleValue(from) < 0);
              }
            put16(bytes, uint16_t(word));
          }
}

static void putPairs(Bytes &bytes, const TernaryWeights &weights,
                     uint64_t begin) {
  auto [tileRows, tileColumns, block] = weights.tiles;
  for (uint64_t row = 0; row < weights.rows; row += tileRows)
    for (uint64_t column = begin; column < weights.columns; column += 32)
      for (uint64_t b = row; b < row + tileRows; b += 32)
        for (uint64_t c = column; c < column + 32; c += 4)
          for (uint64_t s = 0; s < 32; ++s) {
            uint64_t r = b + groupOrder[s / 8] * 8 + s % 8;
            bytes.push_back(pairByte(&weights.values[r * weights.columns + c]));
          }
}

static Bytes encodeTl2(const TernaryWeights &weights) {
  uint64_t rows = weights.rows, columns = weights.columns;
  uint64_t end = columns - columns % weights.tiles.columns;
  Bytes bytes;
  putTriples(bytes, weights, end);
  putSigns(bytes, weights, end);
  putPairs(bytes, weights, end);
  if (columns >= 256)
    bytes.resize(
        std::max<uint64_t>(bytes.size(), (columns - 256) * rows / 3 * 5 / 8 +
                                             256 * rows / 2 * 4 / 8));
  return withTail(std::move(bytes), weights.scale);
}

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

static Bytes encodeF32(const TernaryWeights &weights) {
  Bytes bytes;
  for (int8_t weight : weights.values)
    putF32(bytes, weight * weights.scale);
  return bytes;
}
static Bytes encodeF16(const TernaryWeights &weights) {
  Bytes bytes;
  for (int8_t weight : weights.values)
    putF16(bytes, weight * weights.scale);
  return bytes;
}
static Bytes encodeBf16(const TernaryWeights &weights) {
  Bytes bytes;
  for (int8_t weight : weights.values)
    put16(bytes, toBits(Element::BF16, weight * weights.scale));
  return bytes;
}

static const MatrixEncoding table[] = {
    {"i2_s", 36, encodeI2sA, 128},
    {"i2_s_b", 36, encodeI2sB, 64},
    {"i2_s_c", 36, encodeI2sC, 1, 4},
    {"tl1", 38, encodeTl1, 1, 1, 4, problemTl1},
    {"tl2", 39, encodeTl2, 1, 1, 1, problemTl2},
    {"tq1_0", 34, encodeTq10, 1, 1, 256},
    {"tq2_0", 35, encodeTq20, 1, 1, 256},
    {"iq1_bn", 134, encodeIq1Bn, 1, 1, 64},
    {"iq2_bn", 135, encodeIq2Bn, 1, 1, 64},
    {"iq2_bn_r4", 335, encodeIq2BnR4, 1, 4, 64},
    {"f32", 0, encodeF32},
    {"f16", 1, encodeF16},
    {"bf16", 30, encodeBf16},
};

const MatrixEncoding *matrixEncodingCalled(llvm::StringRef name) {
  const MatrixEncoding *found = llvm::find_if(
      table, [&](const MatrixEncoding &entry) { return entry.name == name; });
  return found == std::end(table) ? nullptr : found;
}

std::string matrixEncodingList() {
  return llvm::join(
      llvm::map_range(table, [](const auto &entry) { return entry.name; }),
      " | ");
}

} // namespace tritc::synth
