//===- LoadedObject.cpp - One program in this process ---------------------===//

#include "compiler/codegen/LoadedObject.h"

#include "compiler/codegen/HostJit.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

namespace tritc::codegen {

LoadedObject::LoadedObject(std::unique_ptr<llvm::orc::LLJIT> jit,
                           const TritcProgram *exported)
    : jit(std::move(jit)), exported(exported) {}
LoadedObject::LoadedObject(LoadedObject &&) = default;
LoadedObject &LoadedObject::operator=(LoadedObject &&) = default;
LoadedObject::~LoadedObject() = default;

llvm::Expected<LoadedObject> LoadedObject::load(llvm::StringRef object,
                                                void (*barrier)(void *),
                                                llvm::StringRef library) {
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> jit = createHostJit();
  if (!jit)
    return jit.takeError();
  llvm::orc::JITDylib &main = (*jit)->getMainJITDylib();
  if (llvm::Error error = main.define(llvm::orc::absoluteSymbols(
          {{(*jit)->mangleAndIntern("tritc_barrier"),
            {llvm::orc::ExecutorAddr::fromPtr(barrier),
             llvm::JITSymbolFlags::Exported}}})))
    return std::move(error);
  if (llvm::sys::fs::exists(library))
    if (llvm::Error error =
            (*jit)->linkStaticLibraryInto(main, library.str().c_str()))
      return std::move(error);
  if (llvm::Error error = (*jit)->addObjectFile(
          llvm::MemoryBuffer::getMemBufferCopy(object, "tritc-program")))
    return std::move(error);
  llvm::Expected<llvm::orc::ExecutorAddr> program =
      (*jit)->lookup("tritc_program");
  if (!program)
    return program.takeError();
  return LoadedObject(std::move(*jit), program->toPtr<const TritcProgram *>());
}

} // namespace tritc::codegen
