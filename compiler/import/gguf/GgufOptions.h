//===- GgufOptions.h - What a GGUF file does not say ----------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tritc::import {

/// Three orders of I2_S codes share one type id and bear no mark.
enum class I2sLayout {
  A, ///< 128 elements in 32 bytes: the published files, both converters
  B, ///< 64 elements in 16 bytes: the quantizer of ARM builds
  C, ///< four rows to a byte: the quantizer of x86 builds without ACT_PARALLEL
};

/// The tiles that a file of type TL1 or TL2 was written for.
struct LutTiles {
  uint64_t rows;    ///< BM
  uint64_t columns; ///< BY (called bk in the ini file)
  uint64_t block;   ///< bm (called bmm)
};

/// Tiles of the matrices of one shape, or of all others.
struct LutTilesFor {
  uint64_t matrixRows = 0; ///< 0: every shape that is not named
  uint64_t matrixColumns = 0;
  LutTiles tiles = {};
};

struct GgufOptions {
  I2sLayout i2sLayout = I2sLayout::A;
  /// True: the layout is the user's word, which data cannot overrule.
  bool i2sLayoutGiven = false;
  std::vector<LutTilesFor> lutTiles;
};

/// How the option spells it.
constexpr char i2sLayoutName(I2sLayout layout) {
  return char('a' + int(layout));
}

/// "a", "b" or "c"; ExitCode::Usage for another.
llvm::Expected<I2sLayout> parseI2sLayout(llvm::StringRef text);

/// A preset's name, or "[ROWSxCOLUMNS:]BM,BY,bm" separated by semicolons;
/// ExitCode::Usage for what is neither.
llvm::Expected<std::vector<LutTilesFor>> parseLutTiles(llvm::StringRef text);

/// The tiles for a matrix of this shape; nullopt if none were given.
std::optional<LutTiles> lutTilesFor(const GgufOptions &options, uint64_t rows,
                                    uint64_t columns);

} // namespace tritc::import
