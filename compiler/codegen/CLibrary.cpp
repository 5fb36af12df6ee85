//===- CLibrary.cpp - The C libraries of executables ----------------------===//

#include "compiler/codegen/CLibrary.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

namespace tritc::codegen {

/// Nothing of musl unwinds the stack, and its libm.a is empty.
static constexpr llvm::StringLiteral muslInputs[] = {"rcrt1.o",
                                                     "crti.o",
                                                     "crtbeginS.o",
                                                     "{}",
                                                     "libtritc_runtime.a",
                                                     "--start-group",
                                                     "libgcc.a",
                                                     "libc.a",
                                                     "--end-group",
                                                     "crtendS.o",
                                                     "crtn.o"};

/// The order of GCC's own link of a static PIE; pthread_cancel unwinds.
static constexpr llvm::StringLiteral glibcInputs[] = {
    "--eh-frame-hdr", "rcrt1.o", "crti.o",
    "crtbeginS.o",    "{}",      "libtritc_runtime.a",
    "--start-group",  "libm.a",  "libgcc.a",
    "libgcc_eh.a",    "libc.a",  "--end-group",
    "crtendS.o",      "crtn.o"};

/// The process's own; named here for the versions of its symbols.
static constexpr llvm::StringLiteral sharedGlibcInputs[] = {
    "{}", "libtritc_runtime.a", "libgcc.a", "libm.so.6", "libc.so.6"};

static constexpr CLibrary table[] = {
    {"musl", "musl", muslInputs, {}},
    {"glibc", "gnu", glibcInputs, sharedGlibcInputs}};

llvm::ArrayRef<CLibrary> cLibraries() { return table; }

const CLibrary &hostCLibrary() {
  llvm::Triple host(llvm::sys::getProcessTriple());
  return *llvm::find_if(table, [&](const CLibrary &library) {
    return library.environment == host.getEnvironmentName();
  });
}

} // namespace tritc::codegen
