//===- Passes.h - Phase `model` -------------------------------------------===//
#pragma once

#include "dialects/bitnet/Bitnet.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace tritc::model {
#define GEN_PASS_DECL
#include "passes/model/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/model/Passes.h.inc"
} // namespace tritc::model
