//===- BlockedTable.h - Tables that a checkpoint has quantized ------------===//
//
// GGUF's Q8_0 and Q6_K: blocks of small integers with scales. A value is exact
// in f32, as !bitnet.blocked says.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace tritc::import {

/// Numbers of a table as stored, in the order of its elements.
struct BlockedNumbers {
  llvm::MutableArrayRef<int8_t> integers;
  llvm::MutableArrayRef<int8_t> scales;  ///< one for every 16; none with Q8_0
  llvm::MutableArrayRef<uint16_t> steps; ///< f16, one for every block
};

/// How blocks are stored.
struct BlockedEncoding {
  static constexpr uint64_t scaleElements = 16;
  static constexpr uint64_t mostElements = 256; ///< of any block

  unsigned bits;        ///< of an integer
  uint64_t elements;    ///< of a block
  uint64_t bytes;       ///< of a block
  uint64_t rowMultiple; ///< what !bitnet.blocked asks of the length of a row
  void (*read)(const uint8_t *block, int8_t *integers, int8_t *scales,
               uint16_t &step);

  uint64_t scaleCount(uint64_t count) const {
    return bits == 6 ? count / scaleElements : 0;
  }
  uint64_t stepCount(uint64_t count) const { return count / elements; }
};

extern const BlockedEncoding encodingQ80, encodingQ6k;

/// Elements [first, first + out.size()) as f32: step * (scale * integer).
void decodeBlocks(const BlockedEncoding &encoding,
                  llvm::ArrayRef<uint8_t> bytes, uint64_t first,
                  llvm::MutableArrayRef<float> out);

/// Elements [first, first + out.integers.size()), whole blocks, as they are.
void readBlocks(const BlockedEncoding &encoding, llvm::ArrayRef<uint8_t> bytes,
                uint64_t first, const BlockedNumbers &out);

} // namespace tritc::import
