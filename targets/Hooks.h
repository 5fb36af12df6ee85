//===- Hooks.h - Hooks and helpers that targets share ---------------------===//
#pragma once

#include "dialects/lut/Lut.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace tritc::targets {

//--- Helpers ----------------------------------------------------------------

/// Calls an LLVM intrinsic.
mlir::Value intrinsic(mlir::OpBuilder &builder, mlir::Location loc,
                      llvm::StringRef name, mlir::Type type,
                      mlir::ValueRange operands);

/// `value` in every element of a vector of bytes.
mlir::Value splatBytes(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::VectorType type, int64_t value);

/// `count` elements of `vector`: first, first + step, ...
mlir::Value pick(mlir::OpBuilder &builder, mlir::Location loc,
                 mlir::Value vector, int64_t first, int64_t count,
                 int64_t step = 1);

/// `low`, then `high`.
mlir::Value join(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value low,
                 mlir::Value high);

/// All of `bytes` again and again, as a vector of type `type`.
mlir::Value repeat(mlir::OpBuilder &builder, mlir::Location loc,
                   mlir::Value bytes, mlir::VectorType type);

//--- Hooks of more than one target ------------------------------------------

/// Lookup in 16 bytes, 16 at a time, with the sign as a factor: TBL and MLA.
mlir::Value lookupByTbl(mlir::OpBuilder &builder, lut::LookupOp op);

} // namespace tritc::targets
