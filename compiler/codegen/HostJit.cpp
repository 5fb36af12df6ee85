//===- HostJit.cpp - Machine code in this process -------------------------===//

#include "compiler/codegen/HostJit.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/ExecutionEngine/Orc/MapperJITLinkMemoryManager.h"
#include "llvm/ExecutionEngine/Orc/SelfExecutorProcessControl.h"
#include "llvm/Support/TargetSelect.h"

namespace tritc::codegen {

/// Address space that objects share; more is reserved when it is full. By
/// default each object is mapped on its own, wherever there is room.
static constexpr size_t reservedBytes = size_t(64) << 20;

llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> createHostJit() {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto memory = llvm::orc::MapperJITLinkMemoryManager::CreateWithMapper<
      llvm::orc::InProcessMemoryMapper>(reservedBytes);
  if (!memory)
    return memory.takeError();
  auto process = llvm::orc::SelfExecutorProcessControl::Create(
      nullptr, nullptr, std::move(*memory));
  if (!process)
    return process.takeError();
  return llvm::orc::LLJITBuilder()
      .setExecutorProcessControl(std::move(*process))
      .create();
}

} // namespace tritc::codegen
