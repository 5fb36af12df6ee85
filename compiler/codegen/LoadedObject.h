//===- LoadedObject.h - One program in this process -----------------------===//
#pragma once

#include "runtime/abi/Program.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace llvm::orc {
class LLJIT;
}

namespace tritc::codegen {

/// The code of an object file that exports `tritc_program`, without a runtime.
class LoadedObject {
public:
  /// \param barrier what `tritc_barrier` becomes
  /// \param library an archive that the code may need (libgcc.a); used where it
  ///                exists
  /// Errors are LLVM's.
  static llvm::Expected<LoadedObject> load(llvm::StringRef object,
                                           void (*barrier)(void *),
                                           llvm::StringRef library = "");
  LoadedObject(LoadedObject &&);
  LoadedObject &operator=(LoadedObject &&);
  ~LoadedObject();

  const TritcProgram &program() const { return *exported; }

private:
  LoadedObject(std::unique_ptr<llvm::orc::LLJIT> jit,
               const TritcProgram *exported);

  std::unique_ptr<llvm::orc::LLJIT> jit;
  const TritcProgram *exported;
};

} // namespace tritc::codegen
