//===- Family.h - The model families that config.json can name ------------===//
//
// What a class name in config.json stands for: the defaults of its keys and the
// facts of its models. One row per class, from the reference implementation of
// each (the configuration class gives the defaults, the model class the rest).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/model/ModelConfig.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace tritc::import {

struct Family {
  llvm::StringLiteral architecture; ///< in "architectures", case matters
  llvm::StringLiteral body;         ///< the class without a head; may be empty
  llvm::StringLiteral modelType;    ///< in "model_type"
  llvm::StringLiteral models;       ///< for people
  bool ownsModelType; ///< model_type alone, without architectures, means it

  // Values of absent keys.
  uint32_t vocabSize, hiddenSize, ffnSize, layerCount, headCount;
  uint32_t kvHeadCount; ///< 0: as many as heads
  uint32_t headDim;     ///< 0: hidden size / heads
  uint32_t contextSize;
  float rmsNormEps;
  double ropeTheta;
  uint32_t bosToken, eosToken;

  bool tied;
  FamilyFacts facts;
  /// Without quantization_config the weights are masters. Where other models
  /// share the class, they must then be ternary already, or the model be marked
  /// as a BitNet: an ordinary Llama quantized is noise.
  bool isShared;
};

llvm::ArrayRef<Family> families();

/// The family that config.json calls `architecture`; nullptr for none.
const Family *familyOfArchitecture(llvm::StringRef architecture);

/// The family that `modelType` alone means; nullptr for none.
const Family *familyOfModelType(llvm::StringRef modelType);

/// "BitNetForCausalLM (BitNet b1.58 2B4T), ...", for messages.
std::string familyList();

} // namespace tritc::import
