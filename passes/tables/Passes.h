//===- Passes.h - Phase `tables`
//-------------------------------------------===//
#pragma once

#include "dialects/lut/Lut.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace tritc::tables {
#define GEN_PASS_DECL
#include "passes/tables/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/tables/Passes.h.inc"
} // namespace tritc::tables
