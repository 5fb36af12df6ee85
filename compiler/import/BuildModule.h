//===- BuildModule.h - From a configuration to the bitnet dialect ---------===//
#pragma once

#include "compiler/import/Config.h"
#include "compiler/import/DType.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace tritc::import {

/// The model as one function,
///   @forward(ids: tensor<?xi32>, position: index, first logit: index)
///     -> tensor<?x vocabulary x f32>,
/// and one bitnet.weight per parameter. No weight is read; nothing is
/// optimised. The layers share one body inside a loop.
///
/// \param embeddingType element type of the embedding as stored
/// \param headType      that of the output head; the embedding's when tied
/// \param contextSize tokens of the KV cache and of the RoPE table
/// \param headBits    of the integers that rows of the head are rounded to; 0
///                    for the head as stored
/// Loads the dialects it needs into `context`.
mlir::OwningOpRef<mlir::ModuleOp>
buildModule(mlir::MLIRContext &context, const ModelConfig &config,
            DType embeddingType, DType headType, uint32_t contextSize,
            unsigned headBits);

} // namespace tritc::import
