//===- PackingKinds.h - What packTile is made of --------------------------===//
#pragma once

#include "dialects/lut/layouts/PackingSpec.h"

namespace tritc::lut {

inline int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Rows that share a byte of DotCodes or TritBytes.
int64_t positions(const PackingSpec &spec);

/// packTile and unpackTile of SignedNibble and IndexWords.
void packGroups(const PackingSpec &spec, const int8_t *rows, int64_t columns,
                uint8_t *out);
void unpackGroups(const PackingSpec &spec, const uint8_t *tile, int64_t columns,
                  int8_t *rows);

/// The same of DotCodes and TritBytes.
void packForDots(const PackingSpec &spec, const int8_t *rows, int64_t columns,
                 uint8_t *out);
void unpackForDots(const PackingSpec &spec, const uint8_t *tile,
                   int64_t columns, int8_t *rows);

} // namespace tritc::lut
