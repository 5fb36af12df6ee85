//===- CLibrary.h - The C libraries of executables ------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace tritc::codegen {

/// What an executable is linked with beside its model and the runtime.
struct CLibrary {
  llvm::StringLiteral name;        ///< as --libc= spells it
  llvm::StringLiteral environment; ///< as triples and resource folders do
  /// What the linker takes, in its order: files of the resource folder, flags,
  /// and `{}` for the model's objects.
  llvm::ArrayRef<llvm::StringLiteral> inputs;
};

/// All there are; the default comes first.
llvm::ArrayRef<CLibrary> cLibraries();

/// The one that this process runs on, and what it loads as well.
const CLibrary &hostCLibrary();

} // namespace tritc::codegen
