//===- GgufMatrix.h - A ternary matrix in an encoding of GGUF -------------===//
#pragma once

#include "compiler/import/gguf/GgufSet.h"
#include "compiler/import/gguf/GgufTernary.h"
#include "compiler/import/model/TernaryMatrix.h"

namespace tritc::import {

/// Where a file has row `row` of the model, if its rows are in the order of
/// interleaved rotation, in heads of `headRows`; 0: they are as in the model.
/// Row 2j + e of a head in the file is row e * (headRows / 2) + j.
inline uint64_t rowInFile(uint64_t row, uint64_t headRows) {
  if (headRows == 0)
    return row;
  uint64_t inHead = row % headRows, half = headRows / 2;
  return row - inHead + inHead % half * 2 + inHead / half;
}

class GgufMatrix final : public TernaryMatrix {
public:
  struct Source {
    GgufSet::Item item;
    const TernaryEncoding *encoding;
    TernaryLayout layout;
    uint64_t headRows = 0; ///< see rowInFile
    /// A scale of its own tensor instead of the encoding's.
    std::optional<float> scale = {};
    /// Multiplied with the scale (tensors NAME.scale).
    float factor = 1;
  };

  /// `source` has been proved to hold layout.rows x layout.columns weights.
  explicit GgufMatrix(const Source &source);

  llvm::Error rows(uint64_t first, uint64_t count,
                   llvm::MutableArrayRef<int8_t> out) override;
  llvm::Expected<float> scale() override;
  bool hasStoredScale() const override { return places.count == 1; }

private:
  /// The one scale that all parts share, with its sign. The first caller looks
  /// for it, others wait.
  llvm::Expected<float> signedScale();
  llvm::Expected<float> findScale() const;
  llvm::Error wrong(const llvm::Twine &what) const;
  void clearUnscaled(uint64_t row, llvm::MutableArrayRef<int8_t> out) const;

  Source source;
  llvm::ArrayRef<uint8_t> bytes;
  ScalePlaces places;
  std::mutex mutex; ///< guards the next member
  std::optional<float> known;
};

} // namespace tritc::import
