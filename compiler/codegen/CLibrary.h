//===- CLibrary.h - The C libraries of executables ------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace tritc::codegen {

/// What a program is linked with beside its model and the runtime.
struct CLibrary {
  llvm::StringLiteral name;        ///< as --libc= spells it
  llvm::StringLiteral environment; ///< as triples and resource folders do
  /// What the linker takes, in its order: files of the resource folder, flags,
  /// and `{}` for the model's objects.
  llvm::ArrayRef<llvm::StringLiteral> inputs;
  /// The same of a shared library; none where it cannot have one, since the
  /// process it is loaded into brings another.
  llvm::ArrayRef<llvm::StringLiteral> sharedInputs;
};

/// All there are; the default comes first.
llvm::ArrayRef<CLibrary> cLibraries();

/// The one that this process runs on, and what it loads as well.
const CLibrary &hostCLibrary();

} // namespace tritc::codegen
