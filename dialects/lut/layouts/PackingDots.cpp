//===- PackingDots.cpp - Weights of several rows in a byte ----------------===//
#include "dialects/lut/layouts/PackingKinds.h"

#include <algorithm>
#include <array>

namespace tritc::lut {

namespace {
/// Where the weights of a row stand.
struct DotRow {
  const PackingSpec &spec;
  int64_t firstByte; ///< of its column 0
  int64_t position;  ///< in its bytes

  DotRow(const PackingSpec &spec, int64_t row) : spec(spec) {
    int64_t inVector = row % spec.rowMultiple();
    firstByte = row / spec.rowMultiple() * spec.dotRows * spec.dotColumns +
                inVector % spec.dotRows * spec.dotColumns;
    position = inVector / spec.dotRows;
  }

  int64_t byte(int64_t column) const {
    int64_t stride = spec.tileRows / positions(spec) * spec.dotColumns;
    return firstByte + column / spec.dotColumns * stride +
           column % spec.dotColumns;
  }
};
} // namespace

/// round(256 x / 243) of x in -121..121; there are no ties.
static constexpr int8_t fractionOf(int x) {
  int rounded = (512 * (x + 243) + 243) / 486 - 256;
  return int8_t(rounded);
}

/// fractionOf of every signed byte in -121..121, by its bits.
static constexpr auto fractions = [] {
  std::array<uint8_t, 256> bytes = {};
  for (int x = -121; x <= 121; ++x)
    bytes[uint8_t(x)] = uint8_t(fractionOf(x));
  return bytes;
}();

/// Bytes of columns that are combined at once.
static constexpr int64_t combinedColumns = 256;

/// The bytes of `count` columns: every position's weights, `rowStride` apart
/// from `rows` on, as the digits of one number.
static void combineRows(bool isTrits, const int8_t *rows, int64_t rowStride,
                        int64_t count, uint8_t *out) {
  // 21 is what the codes weight + 1 of positions 0..2 add.
  std::fill_n(out, combinedColumns, uint8_t(isTrits ? 0 : 21));
  auto add = [&](int64_t position, int factor) {
    const int8_t *row = rows + position * rowStride;
    for (int64_t i = 0; i < count; ++i)
      out[i] = uint8_t(out[i] + row[i] * factor);
  };
  int64_t factor = 1;
  if (!isTrits)
    for (int64_t position = 0; position < codePositions;
         ++position, factor *= 4)
      add(position, int(factor));
  else
    for (int64_t position = tritPositions; position-- > 0; factor *= 3)
      add(position, int(factor));
  if (isTrits)
    for (int64_t i = 0; i < count; ++i)
      out[i] = fractions[out[i]];
}

void packForDots(const PackingSpec &spec, const int8_t *rows, int64_t columns,
                 uint8_t *out) {
  bool isTrits = spec.kind == PackingSpec::TritBytes;
  int64_t padded = ceilDiv(columns, dotBlockColumns) * dotBlockColumns;
  for (int64_t row = 0; row < spec.tileRows; ++row) {
    DotRow place(spec, row);
    if (place.position != 0)
      continue;
    const int8_t *weights = rows + row * columns;
    for (int64_t first = 0; first < padded; first += combinedColumns) {
      uint8_t bytes[combinedColumns];
      combineRows(isTrits, weights + first, spec.dotRows * columns,
                  std::min(combinedColumns, columns - first), bytes);
      int64_t end = std::min(combinedColumns, padded - first);
      for (int64_t i = 0; i < end; i += spec.dotColumns)
        std::copy_n(bytes + i, spec.dotColumns, out + place.byte(first + i));
    }
  }
}

/// The weight at `position` of a byte of TritBytes.
static int8_t tritAt(uint8_t byte, int64_t position) {
  int q = int8_t(byte);
  for (int64_t i = 0;; ++i) {
    int next = int8_t(uint8_t(3 * q));
    if (i == position)
      return int8_t((3 * q - next) / 256);
    q = next;
  }
}

void unpackForDots(const PackingSpec &spec, const uint8_t *tile,
                   int64_t columns, int8_t *rows) {
  for (int64_t row = 0; row < spec.tileRows; ++row, rows += columns) {
    DotRow place(spec, row);
    for (int64_t column = 0; column < columns; ++column) {
      uint8_t byte = tile[place.byte(column)];
      int code = byte >> (2 * place.position) & 3;
      if (spec.kind == PackingSpec::TritBytes)
        rows[column] = tritAt(byte, place.position);
      else if (place.position == codePositions - 1)
        rows[column] = int8_t(code == 3 ? -1 : code);
      else
        rows[column] = int8_t(code - 1);
    }
  }
}

} // namespace tritc::lut
