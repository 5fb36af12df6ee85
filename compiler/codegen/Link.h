//===- Link.h - From an object file to a program, in process --------------===//
#pragma once

#include "compiler/codegen/CLibrary.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace tritc::codegen {

/// The folder with what a static executable for `triple` is made of: start
/// files, C library and runtime.
/// \param executable path of the running compiler; the folder is
///                   `<its folder>/../lib/tritc/<architecture>-linux-<library>`
std::string resourceFolder(llvm::StringRef executable, llvm::StringRef triple,
                           const CLibrary &library);

/// What a program is to have.
struct LinkOptions {
  /// Not empty: it is a shared library of this name, with the interface of
  /// runtime/library/tritc.h, in place of an executable.
  std::string soname = {};
  bool keepSymbols = false; ///< for debuggers and profilers: 0.1 MB
  bool serves = true;       ///< the command `serve`
  unsigned threads = 1;     ///< to link with
};

/// Links `objects` with the runtime into a static, position independent
/// executable, or a shared library, that has a PT_NOTE, and returns its bytes.
/// No file is written.
/// \param resources a resource folder of that library; code 6 names what it
///                  lacks
llvm::Expected<llvm::SmallVector<char, 0>>
linkProgram(llvm::ArrayRef<std::string> objects, const CLibrary &library,
            llvm::StringRef resources, const LinkOptions &options);

} // namespace tritc::codegen
