//===- BufferModels.h - What bufferization has to know --------------------===//
#pragma once

#include "mlir/IR/DialectRegistry.h"

namespace tritc::loops {

/// Attaches BufferizableOpInterface to the operations of `bitnet` and `lut`
/// that phase `loops` meets.
void registerBufferModels(mlir::DialectRegistry &registry);

} // namespace tritc::loops
