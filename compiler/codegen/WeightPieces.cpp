//===- WeightPieces.cpp - The weights in pieces of about a megabyte -------===//

#include "compiler/codegen/WeightPieces.h"

#include "compiler/support/Error.h"
#include "dialects/lut/layouts/ScaledRows.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tritc::codegen {

/// Weights, or elements, of a piece: a megabyte of int8 weights becomes 220 kB
/// of tiles, and all buffers of a thread stay inside its share of the caches.
static constexpr int64_t pieceElements = 1 << 20;

int64_t elementBytes(WeightEntry::Element element) {
  return element == WeightEntry::Element::F32 ? 4 : 2;
}

std::optional<lut::Tiles> WeightEntry::tiles() const {
  switch (kind) {
  case Kind::Ternary:
    return lut::packedTiles(packing, rows, columns);
  case Kind::Scaled:
    return lut::scaledTiles(bits, rows, columns);
  case Kind::Blocked:
    return lut::blockedTiles(bits, rows, columns);
  case Kind::Floats:
  case Kind::RopeTable:
    return {};
  }
  return {};
}

int64_t WeightEntry::bytes() const {
  if (std::optional<lut::Tiles> matrix = tiles()) {
    int64_t scales = kind == Kind::Ternary ? int64_t(parts.size()) : 0;
    return *matrix->size() + scales * int64_t(sizeof(float));
  }
  return kind == Kind::RopeTable ? rows * 2 * columns * int64_t(sizeof(float))
                                 : rows * columns * elementBytes(element);
}

std::string WeightEntry::partName(size_t part, int64_t layer) const {
  std::string name = parts[part].name;
  size_t hole = perLayer ? name.find("{}") : std::string::npos;
  if (hole != std::string::npos)
    name.replace(hole, 2, std::to_string(layer));
  return name;
}

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

/// Cuts `count` units of `unitBytes` bytes and `unitElements` elements each.
static void cut(const WeightEntry &entry, int64_t layer, int64_t count,
                int64_t unitBytes, int64_t unitElements,
                std::vector<WeightPiece> &pieces) {
  int64_t step = std::max<int64_t>(1, pieceElements / unitElements);
  for (int64_t first = 0; first < count; first += step) {
    int64_t units = std::min(step, count - first);
    pieces.push_back(
        {&entry, layer, first, units,
         uint64_t(entry.offset + layer * entry.stride + first * unitBytes),
         uint64_t(units * unitBytes)});
  }
}

static void cutLayer(const WeightEntry &entry, int64_t layer,
                     std::vector<WeightPiece> &pieces) {
  switch (entry.kind) {
  case WeightEntry::Kind::Ternary:
  case WeightEntry::Kind::Scaled:
  case WeightEntry::Kind::Blocked: {
    lut::Tiles tiles = *entry.tiles();
    cut(entry, layer, tiles.count, tiles.bytes, tiles.rows * entry.columns,
        pieces);
    int64_t start = entry.offset + layer * entry.stride;
    if (entry.kind == WeightEntry::Kind::Ternary)
      pieces.push_back({&entry, layer, /*first=*/-1,
                        int64_t(entry.parts.size()),
                        uint64_t(start + *tiles.size()),
                        entry.parts.size() * sizeof(float)});
    return;
  }
  case WeightEntry::Kind::Floats: {
    // A piece stays inside one part, whose tensor it copies from.
    int64_t before = 0;
    for (const WeightPart &part : entry.parts) {
      size_t mark = pieces.size();
      int64_t elements = part.rows * entry.columns;
      cut(entry, layer, elements, elementBytes(entry.element), 1, pieces);
      for (WeightPiece &piece :
           llvm::MutableArrayRef(pieces).drop_front(mark)) {
        piece.first += before;
        piece.offset += uint64_t(before * elementBytes(entry.element));
      }
      before += elements;
    }
    return;
  }
  case WeightEntry::Kind::RopeTable:
    return cut(entry, layer, entry.rows,
               2 * entry.columns * int64_t(sizeof(float)), 2 * entry.columns,
               pieces);
  }
}

std::vector<WeightPiece> cutIntoPieces(const WeightPlan &plan) {
  std::vector<WeightPiece> pieces;
  for (const WeightEntry &entry : plan.entries)
    for (int64_t layer = 0; layer < entry.layers; ++layer)
      cutLayer(entry, layer, pieces);
  return pieces;
}

//===----------------------------------------------------------------------===//
// Making the bytes
//===----------------------------------------------------------------------===//

/// Calls `read(name, first, count, at)` for the rows of each part among rows
/// [first, first + count) of all parts stacked; `at` counts from the first.
static llvm::Error forPartRows(
    const WeightPiece &piece, int64_t tileRows,
    llvm::function_ref<llvm::Error(llvm::StringRef, int64_t, int64_t, int64_t)>
        read) {
  const WeightEntry &entry = *piece.entry;
  int64_t firstRow = piece.first * tileRows, rowCount = piece.count * tileRows;
  int64_t partStart = 0;
  for (auto [index, part] : llvm::enumerate(entry.parts)) {
    int64_t begin = std::max(firstRow, partStart);
    int64_t end = std::min(firstRow + rowCount, partStart + part.rows);
    if (begin < end)
      if (llvm::Error error =
              read(entry.partName(index, piece.layer), begin - partStart,
                   end - begin, begin - firstRow))
        return error;
    partStart += part.rows;
  }
  return llvm::Error::success();
}

/// Rows beyond the matrix are zero.
llvm::Error PieceWriter::packTiles(const WeightPiece &piece) {
  const WeightEntry &entry = *piece.entry;
  int64_t columns = entry.columns, tileRows = entry.packing.tileRows;
  weights.assign(size_t(piece.count * tileRows * columns), 0);
  if (llvm::Error error = forPartRows(
          piece, tileRows,
          [&](llvm::StringRef name, int64_t first, int64_t count, int64_t at) {
            return source.ternaryRows(
                name, uint64_t(first), uint64_t(count),
                llvm::MutableArrayRef(weights).slice(size_t(at * columns),
                                                     size_t(count * columns)));
          }))
    return error;

  int64_t size = lut::tileBytes(entry.packing, columns);
  bytes.resize(piece.bytes);
  for (int64_t tile = 0; tile < piece.count; ++tile)
    lut::packTile(entry.packing, weights.data() + tile * tileRows * columns,
                  columns, bytes.data() + tile * size);
  return llvm::Error::success();
}

static void storeFloat(uint8_t *out, float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  llvm::support::endian::write32le(out, bits);
}

llvm::Error PieceWriter::storeScales(const WeightPiece &piece) {
  bytes.resize(piece.bytes);
  for (size_t part = 0; part < piece.entry->parts.size(); ++part) {
    llvm::Expected<float> scale =
        source.weightScale(piece.entry->partName(part, piece.layer));
    if (!scale)
      return scale.takeError();
    storeFloat(&bytes[part * sizeof(float)], *scale);
  }
  return llvm::Error::success();
}

llvm::Error PieceWriter::roundTiles(const WeightPiece &piece) {
  const WeightEntry &entry = *piece.entry;
  int64_t columns = entry.columns;
  values.assign(size_t(piece.count * lut::scaledTileRows * columns), 0);
  if (llvm::Error error = forPartRows(
          piece, lut::scaledTileRows,
          [&](llvm::StringRef name, int64_t first, int64_t count, int64_t at) {
            return source.floats(
                name, uint64_t(first * columns),
                llvm::MutableArrayRef(values).slice(size_t(at * columns),
                                                    size_t(count * columns)));
          }))
    return error;

  int64_t size = lut::scaledTileBytes(entry.bits, columns);
  weights.resize(size_t(lut::scaledTileRows * columns));
  bytes.resize(piece.bytes);
  for (int64_t tile = 0; tile < piece.count; ++tile) {
    float scales[lut::scaledTileRows];
    for (int64_t row = 0; row < lut::scaledTileRows; ++row)
      scales[row] = lut::roundRow(
          entry.bits,
          values.data() + (tile * lut::scaledTileRows + row) * columns, columns,
          weights.data() + row * columns);
    lut::packScaledTile(entry.bits, weights.data(), scales, columns,
                        bytes.data() + tile * size);
  }
  return llvm::Error::success();
}

/// Rows beyond the matrix are zero.
llvm::Error PieceWriter::packBlocks(const WeightPiece &piece) {
  const WeightEntry &entry = *piece.entry;
  const lut::BlockedShape shape = lut::blockedShape(entry.bits);
  const int64_t columns = entry.columns;
  const int64_t rowScales = columns / lut::blockedGroupColumns;
  const int64_t rowSteps = columns / shape.stepColumns();
  size_t rows = size_t(piece.count * lut::blockedTileRows);
  weights.assign(rows * size_t(columns), 0);
  scales.assign(rows * size_t(rowScales), 0);
  steps.assign(rows * size_t(rowSteps), 0);
  if (llvm::Error error = forPartRows(
          piece, lut::blockedTileRows,
          [&](llvm::StringRef name, int64_t first, int64_t count, int64_t at) {
            return source.blockedRows(name, uint64_t(first), uint64_t(count),
                                      {&weights[size_t(at * columns)],
                                       &scales[size_t(at * rowScales)],
                                       &steps[size_t(at * rowSteps)]});
          }))
    return error;

  int64_t size = lut::blockedTileBytes(entry.bits, columns);
  bytes.resize(piece.bytes);
  for (int64_t tile = 0; tile < piece.count; ++tile) {
    int64_t row = tile * lut::blockedTileRows;
    lut::packBlockedTile(entry.bits,
                         {&weights[size_t(row * columns)],
                          &scales[size_t(row * rowScales)],
                          &steps[size_t(row * rowSteps)]},
                         columns, bytes.data() + tile * size);
  }
  return llvm::Error::success();
}

/// Copies or widens elements. The values are read in both cases: it is there
/// that NaN and infinity are found.
llvm::Error PieceWriter::copyFloats(const WeightPiece &piece) {
  const WeightEntry &entry = *piece.entry;
  size_t part = 0;
  int64_t first = piece.first;
  while (first >= entry.parts[part].rows * entry.columns)
    first -= entry.parts[part++].rows * entry.columns;
  std::string name = entry.partName(part, piece.layer);

  values.resize(size_t(piece.count));
  if (llvm::Error error = source.floats(name, uint64_t(first), values))
    return error;
  bytes.resize(piece.bytes);
  if (entry.element == WeightEntry::Element::F32) {
    for (size_t index = 0; index < values.size(); ++index)
      storeFloat(&bytes[index * sizeof(float)], values[index]);
    return llvm::Error::success();
  }
  llvm::Expected<llvm::ArrayRef<uint8_t>> stored =
      source.storedBytes(name, entry.element);
  if (!stored)
    return stored.takeError();
  uint64_t begin = uint64_t(first) * 2;
  if (begin + piece.bytes > stored->size())
    return makeError(
        ExitCode::Internal,
        llvm::formatv("{0}: planned as 16-bit floats, expected {1} bytes, "
                      "found {2}",
                      name, begin + piece.bytes, stored->size()));
  std::copy_n(stored->begin() + begin, piece.bytes, bytes.begin());
  return llvm::Error::success();
}

/// Source of the formula: the numerics contract. Frequencies and angles are
/// rounded to f32 as the reference does; cosine and sine are of that angle, in
/// double, rounded once.
void PieceWriter::computeRope(const WeightPiece &piece) {
  const WeightEntry &entry = *piece.entry;
  int64_t half = entry.columns;
  double theta = entry.thetas[size_t(piece.layer)];
  bytes.resize(piece.bytes);
  uint8_t *out = bytes.data();
  for (int64_t row = piece.first; row < piece.first + piece.count; ++row) {
    for (int64_t i = 0; i < half; ++i, out += sizeof(float)) {
      float frequency =
          float(std::pow(theta, -2.0 * double(i) / double(2 * half)));
      float angle = float(row) * frequency;
      storeFloat(out, float(std::cos(double(angle))));
      storeFloat(out + half * int64_t(sizeof(float)),
                 float(std::sin(double(angle))));
    }
    out += half * int64_t(sizeof(float));
  }
}

llvm::Error PieceWriter::fill(const WeightPiece &piece) {
  switch (piece.entry->kind) {
  case WeightEntry::Kind::Ternary:
    return piece.first < 0 ? storeScales(piece) : packTiles(piece);
  case WeightEntry::Kind::Scaled:
    return roundTiles(piece);
  case WeightEntry::Kind::Blocked:
    return packBlocks(piece);
  case WeightEntry::Kind::Floats:
    return copyFloats(piece);
  case WeightEntry::Kind::RopeTable:
    computeRope(piece);
    return llvm::Error::success();
  }
  return llvm::Error::success();
}

llvm::Expected<llvm::ArrayRef<uint8_t>>
PieceWriter::produce(const WeightPiece &piece) {
  if (llvm::Error error = fill(piece))
    return std::move(error);
  return llvm::ArrayRef<uint8_t>(bytes);
}

} // namespace tritc::codegen
