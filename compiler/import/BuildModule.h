//===- BuildModule.h - From a configuration to the bitnet dialect ---------===//
#pragma once

#include "compiler/import/Config.h"
#include "compiler/import/DType.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace tritc::import {

/// What a program may round beyond what the checkpoint says.
struct Rounded {
  unsigned headBits = 8;     ///< of integers for rows of the head; 0: as stored
  bool bytesInCache = false; ///< keys and values as int8, not f16
};

/// The model as one function,
///   @forward(ids: tensor<?xi32>, position: index, first logit: index)
///     -> tensor<?x vocabulary x f32>,
/// and one bitnet.weight per parameter. No weight is read; nothing is
/// optimised. The layers share one body inside a loop.
///
/// \param embeddingType element type of the embedding as stored
/// \param headType      that of the output head; the embedding's when tied
/// \param contextSize tokens of the KV cache and of the RoPE table
/// Loads the dialects it needs into `context`.
mlir::OwningOpRef<mlir::ModuleOp>
buildModule(mlir::MLIRContext &context, const ModelConfig &config,
            DType embeddingType, DType headType, uint32_t contextSize,
            const Rounded &rounded);

} // namespace tritc::import
