//===- Tensors.h - The tensors of a synthetic checkpoint ------------------===//
#pragma once

#include "tools/tritc-synth/Levels.h"
#include "tools/tritc-synth/Shape.h"

#include "llvm/ADT/ArrayRef.h"

#include <string>
#include <vector>

namespace tritc::synth {

struct Tensor {
  enum class Kind {
    Embedding, ///< [rows x columns], normal
    Norm,      ///< [columns], around `gain`
    Bias,      ///< [columns], between -`gain` and `gain`
    Packed,    ///< u8 [ceil(rows / 4) x columns]
    Master,    ///< [rows x columns]
    Scale,     ///< bf16 [1], of the packed matrix before ".weight_scale"
  };

  std::string name;
  Kind kind;
  uint64_t rows; ///< logical; 1 for vectors
  uint64_t columns;
  double gain; ///< typical size of an element
  Element element = Element::BF16;
  bool wasTernary = false; ///< of matrices: the levels are -a, 0 and a
  bool lacksOne = false;   ///< of norms: around `gain` - 1

  bool isPacked() const { return kind == Kind::Packed; }
  bool isVector() const { return kind == Kind::Norm || kind == Kind::Bias; }
  uint64_t storedRows() const { return isPacked() ? (rows + 3) / 4 : rows; }
  uint64_t rowBytes() const { return isPacked() ? columns : 2 * columns; }
  uint64_t bytes() const { return storedRows() * rowBytes(); }
  /// As safetensors spells it: vectors have one dimension.
  std::vector<uint64_t> storedShape() const;
};

/// Every tensor of the checkpoint, in the order the published files have them:
/// floats before u8, each by name. Gains are such that a layer adds about as
/// much to the residual stream as the layers before, attention scores stay near
/// one and logits have a standard deviation of three.
std::vector<Tensor> listTensors(const Request &request);

/// Computes stored rows [firstRow, firstRow + rowCount).
class TensorFiller {
public:
  /// \param seed  of the checkpoint
  TensorFiller(const Tensor &tensor, uint64_t seed);

  /// \param out  rowCount * rowBytes() bytes
  /// \returns    for packed tensors the sum of the magnitudes of the master
  ///             weights, in the unit of Levels; zero otherwise
  uint64_t fill(uint64_t firstRow, uint64_t rowCount,
                llvm::MutableArrayRef<uint8_t> out) const;

  /// Computes what a Master tensor is after quantization.
  /// \param out   rows * columns weights in -1, 0, 1
  /// \returns     the scale that a packed checkpoint or, without one, a reader
  ///              of master weights multiplies with
  float fillTernary(Scales scales, llvm::MutableArrayRef<int8_t> out) const;

  /// Of a matrix that was ternary: bf16 bits of 1 / a.
  uint16_t reciprocalScale() const;

private:
  uint64_t fillPackedRow(uint64_t row, uint8_t *out) const;
  void fillMasterRow(uint64_t row, uint8_t *out) const;
  void fillEmbeddingRow(uint64_t row, uint8_t *out) const;
  void fillNorm(uint8_t *out) const;
  void fillBias(uint8_t *out) const;

  const Tensor &tensor;
  uint64_t seed;
  Levels levels;                   ///< of the matrix kinds
  std::array<uint32_t, 256> entry; ///< magnitude << 2 | code
};

} // namespace tritc::synth
