//===- Machine.h - The processor that code is emitted for -----------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>
#include <string>

namespace tritc::codegen {

/// The processor to emit code for, in LLVM's words.
struct Machine {
  std::string triple;      ///< "x86_64-unknown-linux-gnu"
  std::string cpu;         ///< "x86-64-v3"
  std::string features;    ///< "+avx2,+fma"; may be empty
  bool vectorizes = false; ///< LLVM turns plain loops into vectors
};

/// The machine that this process runs on, with all that its CPU can do.
Machine hostMachine();

/// Code 4 for a machine that LLVM lacks.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const Machine &machine);

/// Assembly or a relocatable object of `module`, which is used up.
llvm::Expected<llvm::SmallVector<char, 0>> emitFile(llvm::Module &module,
                                                    llvm::TargetMachine &target,
                                                    llvm::CodeGenFileType type);

} // namespace tritc::codegen
