//===- BuildModule.h - From a configuration to the bitnet dialect ---------===//
#pragma once

#include "compiler/import/model/BlockedTable.h"
#include "compiler/import/model/DType.h"
#include "compiler/import/model/ModelConfig.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace tritc::import {

/// What a program may round beyond what the checkpoint says.
struct Rounded {
  unsigned headBits = 8;     ///< of integers for rows of the head; 0: as stored
  bool bytesInCache = false; ///< keys and values as int8, not f16
};

/// How a checkpoint stores a table.
struct StoredTable {
  DType dtype;
  /// Not null: quantized, and kept so; rows are whole multiples of it.
  const BlockedEncoding *blocked = nullptr;
};

/// The model as one function,
///   @forward(ids: tensor<?xi32>, places: tensor<?x(1 + pages)xi32>,
///            first logit: index)
///     -> tensor<?x vocabulary x f32>,
/// and one bitnet.weight per parameter. No weight is read; nothing is
/// optimised. The layers share one body inside a loop.
///
/// \param embedding   the table of embeddings as stored
/// \param head        that of the output head; the embedding's when tied
/// \param contextSize tokens of the KV cache and of the RoPE table
/// Loads the dialects it needs into `context`.
mlir::OwningOpRef<mlir::ModuleOp>
buildModule(mlir::MLIRContext &context, const ModelConfig &config,
            const StoredTable &embedding, const StoredTable &head,
            uint32_t contextSize, const Rounded &rounded);

} // namespace tritc::import
