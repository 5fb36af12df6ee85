//===- Link.h - From an object file to a program, in process --------------===//
#pragma once

#include "compiler/codegen/CLibrary.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace tritc::codegen {

/// The folder with what a static executable for `triple` is made of: start
/// files, C library and runtime.
/// \param executable path of the running compiler; the folder is
///                   `<its folder>/../lib/tritc/<architecture>-linux-<library>`
std::string resourceFolder(llvm::StringRef executable, llvm::StringRef triple,
                           const CLibrary &library);

/// What is made of objects and runtime.
enum class LinkKind {
  Executable,  ///< static, position independent
  Shared,      ///< library with the interface of runtime/library/tritc.h
  Relocatable, ///< the same as one object, for who links an executable
};

/// What a program is to have.
struct LinkOptions {
  LinkKind kind = LinkKind::Executable;
  std::string soname = {};  ///< of a shared library
  bool keepSymbols = false; ///< for debuggers and profilers: 0.1 MB
  bool serves = true;       ///< the command `serve`
  unsigned threads = 1;     ///< to link with
};

/// The functions that a library exports.
std::vector<llvm::StringRef> exportedSymbols();

/// Links `objects` with the runtime, and returns the bytes. What can run has a
/// PT_NOTE. No file is written.
/// \param resources a resource folder of that library; code 6 names what it
///                  lacks
llvm::Expected<llvm::SmallVector<char, 0>>
linkProgram(llvm::ArrayRef<std::string> objects, const CLibrary &library,
            llvm::StringRef resources, const LinkOptions &options);

} // namespace tritc::codegen
