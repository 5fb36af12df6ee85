//===- Passes.h - Phase `loops` -------------------------------------------===//
#pragma once

#include "dialects/lut/Lut.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace tritc::loops {
#define GEN_PASS_DECL
#include "passes/loops/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/loops/Passes.h.inc"

/// Marks an scf.forall whose iteration t touches only row t of each buffer.
inline constexpr llvm::StringLiteral kRowsAttr = "lut.rows";
} // namespace tritc::loops
