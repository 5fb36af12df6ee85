//===- GgufTernary.h - Ternary encodings of GGUF files --------------------===//
//
// One encoding is a few pure functions of bytes. Sources: ggml-quants.c (TQ1_0,
// TQ2_0), bitnet.cpp's ggml-bitnet-mad.cpp and its Python converters (I2_S,
// TL1, TL2), ik_llama.cpp's iqk_quantize.cpp (IQ*_BN).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/gguf/GgufOptions.h"

#include "llvm/ADT/ArrayRef.h"

#include <string>

namespace tritc::import {

/// What a decoder must know of a matrix of rows x columns.
struct TernaryLayout {
  uint64_t rows;
  uint64_t columns;
  I2sLayout i2s = I2sLayout::A;
  LutTiles tiles = {};
};

/// Scale i lies at (i / group) * stride + offset + (i % group) * 4 and belongs
/// to elements [i, i + 1) * (rows * columns / count).
struct ScalePlaces {
  uint64_t count;
  uint64_t group;
  uint64_t stride;
  uint64_t offset;
  bool isHalf; ///< f16; else f32
};

struct TernaryEncoding {
  llvm::StringLiteral name;
  bool needsTiles;
  /// What is wrong with the shape or the tiles; empty if nothing.
  std::string (*problem)(const TernaryLayout &layout);
  /// Bytes of the codes, scales inside included, a scale behind them not.
  uint64_t (*codeBytes)(const TernaryLayout &layout);
  ScalePlaces (*scales)(const TernaryLayout &layout);
  /// out[k] = weight (row, k) in -1, 0, 1; 2 where the file has a code that
  /// means nothing. `bytes` has at least codeBytes, `layout` has no problem.
  void (*decodeRow)(llvm::ArrayRef<uint8_t> bytes, const TernaryLayout &layout,
                    uint64_t row, llvm::MutableArrayRef<int8_t> out);

  /// One scale behind the codes, in 32 bytes of its own.
  bool hasTailScale(const TernaryLayout &layout) const {
    return scales(layout).count == 1;
  }
};

extern const TernaryEncoding encodingI2s, encodingTl1, encodingTl2,
    encodingTq10, encodingTq20, encodingIq1Bn, encodingIq2Bn, encodingIq2BnR4;

/// Scale `index` of a matrix.
float readScale(llvm::ArrayRef<uint8_t> bytes, const ScalePlaces &places,
                uint64_t index);

} // namespace tritc::import
