//===- Packing.cpp - Ternary weights as the bytes a kernel reads ----------===//

#include "dialects/lut/layouts/Packing.h"

#include "dialects/lut/layouts/PackingKinds.h"

#include <cassert>

namespace tritc::lut {

int64_t positions(const PackingSpec &spec) {
  return spec.kind == PackingSpec::TritBytes ? tritPositions : codePositions;
}

static bool isForDots(const PackingSpec &spec) {
  return spec.kind == PackingSpec::DotCodes ||
         spec.kind == PackingSpec::TritBytes;
}

int64_t PackingSpec::rowMultiple() const {
  switch (kind) {
  case Codes:
    return 1;
  case SignedNibble:
  case IndexWords:
    return vectorRows;
  case DotCodes:
  case TritBytes:
    return positions(*this) * dotRows;
  }
  return 1;
}

int64_t PackingSpec::mostColumns() const {
  // 32 bits must hold 64 or 256 times a sum, which is at most 128 per column.
  if (kind == DotCodes)
    return (int64_t(1) << 18) - 1;
  return kind == TritBytes ? (int64_t(1) << 16) - 1 : INT64_MAX;
}

bool hasValidDots(const PackingSpec &spec) {
  bool hasDots = spec.dotRows > 0 && spec.dotColumns > 0 &&
                 dotBlockColumns % spec.dotRows == 0 &&
                 dotBlockColumns % spec.dotColumns == 0;
  bool hasNone = spec.dotRows == 0 && spec.dotColumns == 0;
  return isForDots(spec) ? hasDots : hasNone;
}

const char *invalidReason(const PackingSpec &spec) {
  if (!hasValidDots(spec))
    return "dot_codes and trit_bytes alone have dot_rows and dot_columns, "
           "which divide 16";
  if (spec.tileRows < 1 || spec.tileRows % spec.rowMultiple() != 0)
    return "rows is no positive multiple of what the packing keeps together";
  return nullptr;
}

int64_t tileBytes(const PackingSpec &spec, int64_t columns) {
  switch (spec.kind) {
  case PackingSpec::Codes:
    return spec.tileRows * ceilDiv(columns, 4);
  case PackingSpec::SignedNibble:
    return ceilDiv(columns, blockColumns) * (spec.tileRows / vectorRows) *
           vectorBlockBytes;
  case PackingSpec::IndexWords:
    return ceilDiv(columns, wordBlockColumns) * (spec.tileRows / vectorRows) *
           wordVectorBlockBytes;
  case PackingSpec::DotCodes:
  case PackingSpec::TritBytes:
    return ceilDiv(columns, dotBlockColumns) * dotBlockColumns *
           (spec.tileRows / positions(spec));
  }
  return 0;
}

Tiles packedTiles(const PackingSpec &spec, int64_t rows, int64_t columns) {
  return {spec.tileRows, ceilDiv(rows, spec.tileRows),
          tileBytes(spec, columns)};
}

//===----------------------------------------------------------------------===//
// Codes
//===----------------------------------------------------------------------===//

static void packCodes(const int8_t *rows, int64_t rowCount, int64_t columns,
                      uint8_t *out) {
  for (int64_t row = 0; row < rowCount; ++row, rows += columns) {
    int64_t column = 0;
    for (; column + 4 <= columns; column += 4)
      *out++ =
          uint8_t((rows[column] + 1) | (rows[column + 1] + 1) << 2 |
                  (rows[column + 2] + 1) << 4 | (rows[column + 3] + 1) << 6);
    if (column == columns)
      continue;
    uint8_t last = 0b01'01'01'01;
    for (int shift = 0; column < columns; ++column, shift += 2)
      last = uint8_t(last + (rows[column] << shift));
    *out++ = last;
  }
}

static void unpackCodes(const uint8_t *tile, int64_t rowCount, int64_t columns,
                        int8_t *rows) {
  int64_t rowBytes = ceilDiv(columns, 4);
  for (int64_t row = 0; row < rowCount; ++row)
    for (int64_t column = 0; column < columns; ++column)
      rows[row * columns + column] = int8_t(
          (tile[row * rowBytes + column / 4] >> (column % 4 * 2) & 3) - 1);
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

void packTile(const PackingSpec &spec, const int8_t *rows, int64_t columns,
              uint8_t *out) {
  assert(!invalidReason(spec) && "the attribute's verifier checks the spec");
  switch (spec.kind) {
  case PackingSpec::Codes:
    return packCodes(rows, spec.tileRows, columns, out);
  case PackingSpec::SignedNibble:
  case PackingSpec::IndexWords:
    return packGroups(spec, rows, columns, out);
  case PackingSpec::DotCodes:
  case PackingSpec::TritBytes:
    return packForDots(spec, rows, columns, out);
  }
}

void unpackTile(const PackingSpec &spec, const uint8_t *tile, int64_t columns,
                int8_t *rows) {
  assert(!invalidReason(spec) && "the attribute's verifier checks the spec");
  switch (spec.kind) {
  case PackingSpec::Codes:
    return unpackCodes(tile, spec.tileRows, columns, rows);
  case PackingSpec::SignedNibble:
  case PackingSpec::IndexWords:
    return unpackGroups(spec, tile, columns, rows);
  case PackingSpec::DotCodes:
  case PackingSpec::TritBytes:
    return unpackForDots(spec, tile, columns, rows);
  }
}

} // namespace tritc::lut
