//===- Hooks.h - What hooks of several targets build ----------------------===//
#pragma once

#include "dialects/lut/Lut.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace tritc::targets {

/// Calls an LLVM intrinsic.
mlir::Value intrinsic(mlir::OpBuilder &builder, mlir::Location loc,
                      llvm::StringRef name, mlir::Type type,
                      mlir::ValueRange operands);

/// All of `bytes` again and again, as a vector of type `type`.
mlir::Value repeat(mlir::OpBuilder &builder, mlir::Location loc,
                   mlir::Value bytes, mlir::VectorType type);

/// Where rows of a buffer begin (!llvm.ptr), and the bytes from one of its
/// rows to the next (i64).
struct Place {
  mlir::Value address, stride;
};
Place placeOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value buffer,
              mlir::Value row, mlir::Value column);

} // namespace tritc::targets
