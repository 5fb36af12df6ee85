//===- TripleBytes.h - Powers of three times bytes ------------------------===//
#pragma once

#include "llvm/IR/PassManager.h"

namespace tritc::codegen {

/// Where a processor adds vectors of bytes, but does not multiply them, takes
/// each product of one vector with 3, 9, 27, ... from the one before:
///
///   %a = mul <64 x i8> %x, splat (i8 3)
///   %b = mul <64 x i8> %x, splat (i8 9)
/// becomes
///   %x2 = add %x, %x    %a = add %x2, %x
///   %a2 = add %a, %a    %b = add %a2, %a
///
/// Two instructions each, where LLVM makes four of most. To be run last:
/// whatever simplifies IR would put the products together again.
struct TripleBytes : llvm::PassInfoMixin<TripleBytes> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &analyses);
};

} // namespace tritc::codegen
