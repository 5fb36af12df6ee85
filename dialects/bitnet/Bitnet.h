//===- Bitnet.h - The bitnet dialect --------------------------------------===//
//
// What a BitNet b1.58 model means; see README.md for the constraints.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/bitnet/BitnetDialect.h.inc"
#include "dialects/bitnet/BitnetEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/bitnet/BitnetTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/bitnet/BitnetAttrs.h.inc"

#define GET_OP_CLASSES
#include "dialects/bitnet/BitnetOps.h.inc"
