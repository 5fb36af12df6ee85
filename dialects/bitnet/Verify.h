//===- Verify.h - What the verifiers of our dialects share ----------------===//
#pragma once

#include "mlir/IR/Operation.h"

namespace tritc::bitnet {

/// Error "<what>: expected E, found F" unless both sizes agree; `?` stands for
/// a dynamic size.
mlir::LogicalResult expectEqual(mlir::Operation *op, llvm::StringRef what,
                                int64_t expected, int64_t found);

/// Error unless `into`, where there is one, has the type of the result.
mlir::LogicalResult expectPlace(mlir::Operation *op, mlir::Value into);

} // namespace tritc::bitnet
