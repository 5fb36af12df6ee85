//===- ModelTensors.h - Which tensors a model must have -------------------===//
#pragma once

#include "compiler/import/model/ModelConfig.h"

#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tritc::import {

enum class TensorRole {
  Vector,  ///< norm weights and biases: any float type
  Matrix,  ///< embedding and head: any float type
  Ternary, ///< packed U8, or float where the scale rule is Absmean
  Scale,   ///< one number beside a packed matrix; shape [1] or []
};

struct ModelTensor {
  std::string name; ///< as the bitnet dialect has it: that of 2B4T
  std::string file; ///< as this family's files have it
  TensorRole role;
  llvm::SmallVector<uint64_t, 2> shape; ///< logical: before packing
  bool lacksOne = false;                ///< what is meant is 1 + what is stored
};

/// Name of the scale that belongs to the ternary matrix `weight`:
/// "x.weight" -> "x.weight_scale".
std::string scaleName(llvm::StringRef weight);

/// Rows of bytes that hold `rows` rows of two-bit codes, four to a byte.
constexpr uint64_t packedRows(uint64_t rows) { return (rows + 3) / 4; }

/// Every tensor of the model, in the order of the forward pass.
std::vector<ModelTensor> modelTensors(const ModelConfig &config);

} // namespace tritc::import
