//===- TernaryMatrix.h - A ternary matrix, however a file stores it -------===//
#pragma once

#include "compiler/import/model/TensorView.h"
#include "compiler/import/model/TernaryWeights.h"

#include <mutex>
#include <optional>

namespace tritc::import {

/// What a checkpoint knows of one matrix: its weights by row, and one factor
/// for all of them. Both functions may be called from several threads.
class TernaryMatrix {
public:
  explicit TernaryMatrix(MatrixShape shape) : shape(shape) {}
  virtual ~TernaryMatrix() = default;

  /// Rows [first, first + count), in range: out[r * columns + k] is -1, 0 or 1.
  virtual llvm::Error rows(uint64_t first, uint64_t count,
                           llvm::MutableArrayRef<int8_t> out) = 0;

  /// Positive and finite.
  virtual llvm::Expected<float> scale() = 0;

  /// True if scale() is known without reading the weights.
  virtual bool hasStoredScale() const = 0;

  const MatrixShape shape;
};

/// Two-bit codes, four rows to a byte, and a scale beside them.
class PackedMatrix final : public TernaryMatrix {
public:
  PackedMatrix(MatrixShape shape, const TensorView &weight,
               const TensorView &scale, bool divides)
      : TernaryMatrix(shape), weight(weight), factor(scale), divides(divides) {}

  llvm::Error rows(uint64_t first, uint64_t count,
                   llvm::MutableArrayRef<int8_t> out) override;
  llvm::Expected<float> scale() override;
  bool hasStoredScale() const override { return true; }

private:
  llvm::Error badCode(uint64_t row) const;

  const TensorView &weight;
  const TensorView &factor;
  bool divides; ///< the scale is the reciprocal of `factor`
};

/// Float weights that become ternary here.
class MasterMatrix final : public TernaryMatrix {
public:
  MasterMatrix(MatrixShape shape, const TensorView &weight, bool keepsTernary,
               bool mustBeTernary)
      : TernaryMatrix(shape), weight(weight), keepsTernary(keepsTernary),
        mustBeTernary(mustBeTernary) {}

  llvm::Error rows(uint64_t first, uint64_t count,
                   llvm::MutableArrayRef<int8_t> out) override;
  llvm::Expected<float> scale() override;
  bool hasStoredScale() const override { return false; }

private:
  /// The first caller computes it, others wait.
  llvm::Expected<AbsmeanRule> rule();

  const TensorView &weight;
  bool keepsTernary; ///< see absmeanRule
  /// Other weights than -a, 0 and a are those of a model that is no BitNet.
  bool mustBeTernary;
  std::mutex mutex; ///< guards the next member
  std::optional<AbsmeanRule> known;
};

} // namespace tritc::import
