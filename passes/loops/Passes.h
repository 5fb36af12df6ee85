//===- Passes.h - Phase `loops` -------------------------------------------===//
#pragma once

#include "dialects/lut/Lut.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
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

/// Whether iteration t of a parallel loop touches only row t of each buffer.
bool isOverRows(mlir::scf::ForallOp loop);
} // namespace tritc::loops
