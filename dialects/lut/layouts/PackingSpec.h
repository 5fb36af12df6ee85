//===- PackingSpec.h - How the weights of one matrix are laid out ---------===//
#pragma once

#include <cstdint>

namespace tritc::lut {

/// How the weights of one matrix are laid out.
struct PackingSpec {
  enum Kind {
    /// Two bits a weight, code = weight + 1. Row-major; four consecutive
    /// columns share a byte, the first in the low bits; a row takes
    /// ceil(K / 4) bytes. Padding is code 1.
    Codes,
    /// Three weights (a, b, c) of consecutive columns 3g, 3g+1, 3g+2 are one
    /// number t = 9a + 3b + c in [-13, 13], stored as a sign bit and a nibble
    /// |t|: 5/3 bits a weight. Eight groups (24 columns) make a block; for
    /// each block and each vector v of 32 rows there are 160 bytes:
    ///   32 sign bytes, lane l: bit j is 1 iff t < 0 in group 8*block + j
    ///   4 x 32 nibble bytes, byte p of lane l: low nibble |t| of group
    ///   8*block + 2p, high nibble |t| of group 8*block + 2p + 1
    /// Lane l holds row 32v + rowOfLane(l).
    SignedNibble,
    /// As above, t + 13 in 0..26 is stored in five bits: 5/3 bits a weight.
    /// Sixteen groups (48 columns) make a block; for each block and each vector
    /// v of 32 rows there are 5 x 32 little-endian words, word w of lane l:
    ///   bits 5i .. 5i + 4, i = 0..2: group 16*block + 3w + i
    ///   bit 15: bit 4 - w of group 16*block + 15
    /// Lane l holds row 32v + l. Padding is t = 0, which is 13.
    IndexWords,
    /// Two bits a weight, for dot products of dotRows rows and dotColumns
    /// columns, which take as many bytes. For each dotColumns columns c and
    /// each vector v of 4 * dotRows rows there are dotRows * dotColumns bytes;
    /// bits 2p and 2p + 1 of byte dotColumns * r + c, p = 0..3, are the code of
    /// column c of row 4 * dotRows * v + dotRows * p + r: weight + 1 for
    /// p < 3, and for p = 3 the weight in two's complement, so that a whole
    /// byte, signed, is code0 + 4 code1 + 16 code2 + 64 weight3. Columns are
    /// padded with weight 0 to a multiple of 16.
    DotCodes,
    /// Five weights of five rows in a byte, 1.6 bits a weight, ordered as
    /// DotCodes with p = 0..4 and vectors of 5 * dotRows rows. The signed byte
    /// is 256/243 (81 w0 + 27 w1 + 9 w2 + 3 w3 + w4), rounded to nearest:
    /// with q(0) that byte and q(p + 1) the low byte of 3 q(p), signed,
    /// 256 wp = 3 q(p) - q(p + 1).
    TritBytes,
  };
  Kind kind;
  int64_t tileRows;       ///< a positive multiple of rowMultiple()
  int64_t dotRows = 0;    ///< DotCodes, TritBytes; 0 for the others
  int64_t dotColumns = 0; ///< ditto

  /// Rows that the layout keeps together.
  int64_t rowMultiple() const;
  /// The widest matrix whose sums a kernel still gets right.
  int64_t mostColumns() const;

  friend bool operator==(const PackingSpec &, const PackingSpec &) = default;
};

/// Weights in one t.
inline constexpr int64_t groupColumns = 3;

/// Constants of SignedNibble, for kernels and tests.
inline constexpr int64_t blockGroups = 8;   ///< groups that share sign bytes
inline constexpr int64_t blockColumns = 24; ///< groupColumns * blockGroups
inline constexpr int64_t vectorRows = 32;   ///< rows in the lanes of a vector
inline constexpr int64_t vectorBlockBytes = 160; ///< one block of one vector

/// Constants of IndexWords.
inline constexpr int64_t wordBlockGroups = 16; ///< groups in five words
inline constexpr int64_t wordBlockColumns = 48;
inline constexpr int64_t blockWords = 5;
inline constexpr int64_t wordVectorBlockBytes = 320; ///< as vectorBlockBytes

/// Constants of DotCodes and of TritBytes.
inline constexpr int64_t codePositions = 4;    ///< codes in a byte
inline constexpr int64_t tritPositions = 5;    ///< weights in a byte
inline constexpr int64_t dotBlockColumns = 16; ///< columns are padded to these

/// Row (0..31) that lane `lane` (0..31) of a vector holds. Even and odd lanes
/// take the two halves, so that widening pairs of bytes to words leaves 16
/// consecutive rows in a register.
constexpr int64_t rowOfLane(int64_t lane) {
  return lane % 2 == 0 ? lane / 2 : 16 + lane / 2;
}

} // namespace tritc::lut
