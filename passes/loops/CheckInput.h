//===- CheckInput.h - What the lowering to loops takes for granted --------===//
#pragma once

#include "passes/loops/Passes.h"
#include "runtime/abi/Program.h"

namespace tritc::loops {

/// Keys per partial result of attention, and positions that the cache keeps
/// together: see kvCacheBuffer.
inline constexpr int64_t keyPage = TRITC_KV_PAGE;

/// The buffer of a cache [layers, KV heads, 2, context, head_dim]:
///   [pages, layers, KV heads, 2, keyPage, head_dim]
/// so that memory is touched in the order in which the context grows. A caller
/// may have more pages or fewer than one context needs: places say which there
/// are.
mlir::MemRefType kvCacheBuffer(mlir::RankedTensorType cache);

/// Reports the first thing that could not be lowered correctly, before it is
/// bufferized: a
/// missing attribute or layout, a signature other than (ids, places, first
/// logit) -> logits, a weight that is no parameter, a cache of another shape.
mlir::LogicalResult checkInput(mlir::ModuleOp module);

/// The same of operations on buffers, before they become loops: what of it a
/// single operation shows.
mlir::LogicalResult checkBuffers(mlir::ModuleOp module);

} // namespace tritc::loops
