//===- Machine.cpp - The processor that code is emitted for ---------------===//

#include "compiler/codegen/Machine.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

#include <mutex>

namespace tritc::codegen {

Machine hostMachine() {
  Machine machine{llvm::sys::getProcessTriple(),
                  llvm::sys::getHostCPUName().str(), ""};
  // Sorted: a map of strings has no order.
  llvm::StringMap<bool> known = llvm::sys::getHostCPUFeatures();
  std::vector<std::string> features;
  for (const auto &feature : known)
    features.push_back((feature.second ? "+" : "-") + feature.first().str());
  llvm::sort(features);
  machine.features = llvm::join(features, ",");
  return machine;
}

static void registerTargets() {
#define TRITC_ARCHITECTURE(NAME, LLVM, ...)                                    \
  LLVMInitialize##LLVM##TargetInfo();                                          \
  LLVMInitialize##LLVM##Target();                                              \
  LLVMInitialize##LLVM##TargetMC();                                            \
  LLVMInitialize##LLVM##AsmPrinter();
#include "targets/Architectures.def"
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const Machine &machine) {
  static std::once_flag registered;
  std::call_once(registered, registerTargets);
  std::string reason;
  llvm::Triple triple(machine.triple);
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, reason);
  if (!target)
    return makeError(
        ExitCode::UnsupportedTarget,
        llvm::formatv("target '{0}': {1}", machine.triple, reason));

  // Asked first: a target machine only warns about a processor it lacks.
  std::unique_ptr<llvm::MCSubtargetInfo> processors(
      target->createMCSubtargetInfo(triple, /*CPU=*/"", /*Features=*/""));
  if (!processors || !processors->isCPUStringValid(machine.cpu))
    return makeError(ExitCode::UnsupportedTarget,
                     llvm::formatv("target '{0}': no processor '{1}'",
                                   machine.triple, machine.cpu));

  llvm::TargetOptions options;
  // The numerics contract: a fused multiply-add is written or absent.
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  options.FunctionSections = true;
  options.DataSections = true;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, machine.cpu, machine.features, options, llvm::Reloc::PIC_,
      llvm::CodeModel::Small, llvm::CodeGenOptLevel::Default));
}

llvm::Expected<llvm::SmallVector<char, 0>>
emitFile(llvm::Module &module, llvm::TargetMachine &target,
         llvm::CodeGenFileType type) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  if (target.addPassesToEmitFile(passes, stream, /*DwoOut=*/nullptr, type))
    return makeError(ExitCode::CodeGeneration,
                     "the target cannot emit this kind of file");
  passes.run(module);
  return bytes;
}

} // namespace tritc::codegen
