//===- ObjectFile.h - From the LLVM dialect to machine code ---------------===//
#pragma once

#include "compiler/codegen/Machine.h"
#include "compiler/codegen/WeightPlan.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/LLVMContext.h"

namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace tritc::codegen {

/// The numbers of runtime/abi/Program.h.
struct ProgramInfo {
  std::string symbol = "tritc_program"; ///< name of the exported constant
  std::string targetName;
  uint64_t requiredFeatures = 0; ///< bits of cpu_features.def
  uint32_t maxTokens = 1;
  uint32_t contextSize = 0;
  uint32_t vocabSize = 0;
  uint64_t vectorSize = 0; ///< above 0: of a model that embeds
  uint64_t scratchBytes = 0;
  uint64_t kvCacheBytes = 0;
  WeightCounts counts{};
  /// A kind of work, and the bytes of weights that a pass reads for it.
  struct Work {
    std::string name;
    uint64_t bytes;
  };
  std::vector<Work> work{};
};

/// Reads the attributes `lut.scratch_bytes`, `lut.kv_cache_bytes`,
/// `lut.max_tokens` and `lut.context_size` of a module behind phase `loops`
/// into `info`; code 5 names a missing one. Kinds of work may be missing.
llvm::Error readProgramInfo(mlir::ModuleOp module, ProgramInfo &info);

/// Registers what the translation to LLVM IR needs; once per context.
void registerTranslation(mlir::DialectRegistry &registry);

/// What of a program an object holds. Whole programs are one object; those that
/// are linked at once may be two, which are made side by side.
enum class ProgramPart {
  Whole,
  Decode,  ///< all but the function `prefill`, which Prefill has
  Prefill, ///< `prefill` alone
};

/// One model's code, with one exported constant, a TritcProgram; everything
/// else is internal, but for what two parts need of each other. Same module and
/// machine, same bytes.
class MachineCode {
public:
  /// \param module in the LLVM dialect, with functions `decode` and `prefill`
  ///               of the type TritcForward
  /// Code 4 for a machine that LLVM lacks, 5 for a module it cannot translate.
  static llvm::Expected<MachineCode>
  translate(mlir::ModuleOp module, const Machine &machine,
            const ProgramInfo &info, ProgramPart part = ProgramPart::Whole);

  /// Once, before anything is emitted. Codes of one process do not share
  /// anything, so several threads may each optimise and emit one.
  llvm::Error optimise();

  /// translate, then optimise.
  static llvm::Expected<MachineCode>
  create(mlir::ModuleOp module, const Machine &machine, const ProgramInfo &info,
         ProgramPart part = ProgramPart::Whole);

  std::string llvmIR() const;
  /// Relocatable, position independent, in the format of the system (ELF,
  /// Mach-O, COFF). Callable once, as is assembly.
  llvm::Expected<llvm::SmallVector<char, 0>> object();
  llvm::Expected<llvm::SmallVector<char, 0>> assembly();

private:
  MachineCode() = default;
  llvm::Expected<llvm::SmallVector<char, 0>> emit(llvm::CodeGenFileType type);

  // In the order of their dependence: destroyed from the last to the first.
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::TargetMachine> target;
  std::unique_ptr<llvm::Module> module;
  bool vectorizes = false;
};

/// An object with the array `tritc_programs` of the programs `symbols`.
llvm::Expected<llvm::SmallVector<char, 0>>
programTable(llvm::ArrayRef<std::string> symbols, const Machine &machine);

} // namespace tritc::codegen
