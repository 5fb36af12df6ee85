//===- Packing.h - Ternary weights as the bytes a kernel reads ------------===//
//
// Pure functions between rows of weights in {-1, 0, 1} and packed tiles. This
// is the only place that knows the meaning of a byte of a packed matrix: the
// compiler writes tiles with packTile, the lowerings read the same layout.
//
// A matrix of N rows and K columns becomes ceil(N / tileRows) tiles, one after
// the other, each tileBytes(K) bytes: a tile holds `tileRows` consecutive rows
// and all their columns. Rows beyond N and columns beyond K are weight 0.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/lut/layouts/PackingSpec.h"
#include "dialects/lut/layouts/Tiles.h"

#include <cstdint>

namespace tritc::lut {

/// Whether dotRows and dotColumns are ones that its kind may have. Nothing else
/// can be asked of a spec where they are not.
bool hasValidDots(const PackingSpec &spec);

/// Why `spec` cannot be, as a sentence without a period; null when it can.
const char *invalidReason(const PackingSpec &spec);

/// Bytes of one tile of a matrix with `columns` (K) columns.
int64_t tileBytes(const PackingSpec &spec, int64_t columns);

/// The tiles of a matrix of `rows` (N) by `columns` (K).
Tiles packedTiles(const PackingSpec &spec, int64_t rows, int64_t columns);

/// Packs one tile.
/// \param rows    [tileRows x columns], each -1, 0 or 1; the caller fills rows
///                beyond the matrix with zeros
/// \param out     tileBytes(spec, columns) bytes, all of them written
void packTile(const PackingSpec &spec, const int8_t *rows, int64_t columns,
              uint8_t *out);

/// Inverse of packTile; padding columns are dropped.
/// \param rows    [tileRows x columns], all of them written
void unpackTile(const PackingSpec &spec, const uint8_t *tile, int64_t columns,
                int8_t *rows);

} // namespace tritc::lut
