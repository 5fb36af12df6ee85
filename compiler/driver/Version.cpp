//===- Version.cpp - Which tritc this is ----------------------------------===//
//
// The only file that knows the commit, so that another one costs one file.
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Version.h"

#include "targets/Registry.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"

namespace tritc::driver {

static constexpr llvm::StringLiteral commit =
#include "compiler/driver/Commit.inc"
    ;

void printVersion(llvm::raw_ostream &os) {
  os << "tritc " TRITC_VERSION " (";
  if (!commit.empty())
    os << "commit " << commit << ", ";
  os << "LLVM " LLVM_VERSION_STRING ")\ntargets:";
  for (const Target *target : allTargets())
    os << ' ' << target->name;
  os << '\n';
}

} // namespace tritc::driver
