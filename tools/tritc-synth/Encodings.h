//===- Encodings.h - How GGUF files store tensors -------------------------===//
//
// Written from the formats' descriptions, as loops over the bytes in the order
// of the file; the compiler's decoders start from a row instead. Tests read
// with both and with a third implementation in NumPy.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/gguf/GgufOptions.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tritc::synth {

/// A matrix of -1, 0 and 1, rows x columns, and its scale.
struct TernaryWeights {
  llvm::ArrayRef<int8_t> values;
  uint64_t rows;
  uint64_t columns;
  float scale;
  import::LutTiles tiles = {}; ///< of TL1 and TL2
};

struct MatrixEncoding {
  llvm::StringLiteral name;
  uint32_t type; ///< number in the file
  std::vector<uint8_t> (*encode)(const TernaryWeights &weights);
  uint64_t elementMultiple = 1; ///< divides rows * columns
  uint64_t rowMultiple = 1;
  uint64_t columnMultiple = 1;
  /// What is wrong with tiles for a matrix; nullptr: it has none.
  std::string (*tileProblem)(const import::LutTiles &tiles, uint64_t rows,
                             uint64_t columns) = nullptr;
};

/// Floats of a table: embedding or head.
struct TableEncoding {
  llvm::StringLiteral name;
  uint32_t type;
  uint64_t blockElements;
  uint64_t blockBytes;
  void (*encode)(llvm::ArrayRef<float> block, uint8_t *out);
};

/// nullptr if there is none.
const MatrixEncoding *matrixEncodingCalled(llvm::StringRef name);
const TableEncoding *tableEncodingCalled(llvm::StringRef name);

/// "i2_s | i2_s_b | ...", for messages.
std::string matrixEncodingList();
std::string tableEncodingList();

} // namespace tritc::synth
