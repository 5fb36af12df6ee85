//===- Passes.h - Phase `machine` -----------------------------------------===//
#pragma once

#include "dialects/lut/Lut.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace tritc::machine {
#define GEN_PASS_DECL
#include "passes/machine/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/machine/Passes.h.inc"

} // namespace tritc::machine
