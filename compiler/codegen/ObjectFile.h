//===- ObjectFile.h - From the LLVM dialect to machine code ---------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>
#include <string>

namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace tritc::codegen {

/// The processor to emit code for, in LLVM's words.
struct Machine {
  std::string triple;   ///< "x86_64-unknown-linux-gnu"
  std::string cpu;      ///< "x86-64-v3"
  std::string features; ///< "+avx2,+fma"; may be empty
};

/// The numbers of runtime/abi/Program.h.
struct ProgramInfo {
  std::string targetName;
  uint64_t requiredFeatures = 0; ///< bits of cpu_features.def
  uint32_t maxTokens = 1;
  uint32_t contextSize = 0;
  uint32_t vocabSize = 0;
  uint64_t scratchBytes = 0;
  uint64_t kvCacheBytes = 0;
};

/// Reads the attributes `lut.scratch_bytes`, `lut.kv_cache_bytes`,
/// `lut.max_tokens` and `lut.context_size` of a module behind phase `loops`
/// into `info`; code 5 names a missing one.
llvm::Error readProgramInfo(mlir::ModuleOp module, ProgramInfo &info);

/// Registers what the translation to LLVM IR needs; once per context.
void registerTranslation(mlir::DialectRegistry &registry);

/// One model's code, optimised, with the exported constant `tritc_program`;
/// everything else is internal. Same module and machine, same bytes.
class MachineCode {
public:
  /// \param module in the LLVM dialect, with functions `decode` and `prefill`
  ///               of the type TritcForward
  /// Code 4 for a machine that LLVM lacks, 5 for a module it cannot translate.
  static llvm::Expected<MachineCode> create(mlir::ModuleOp module,
                                            const Machine &machine,
                                            const ProgramInfo &info);

  std::string llvmIR() const;
  /// ELF, relocatable, position independent. Callable once, as is assembly.
  llvm::Expected<llvm::SmallVector<char, 0>> object();
  llvm::Expected<llvm::SmallVector<char, 0>> assembly();

private:
  MachineCode() = default;
  llvm::Expected<llvm::SmallVector<char, 0>> emit(llvm::CodeGenFileType type);

  // In the order of their dependence: destroyed from the last to the first.
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::TargetMachine> target;
  std::unique_ptr<llvm::Module> module;
};

} // namespace tritc::codegen
