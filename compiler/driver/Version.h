//===- Version.h - Which tritc this is ------------------------------------===//
#pragma once

#include "llvm/Support/raw_ostream.h"

namespace tritc::driver {

/// Prints version, commit where it is known, LLVM's version and all targets.
void printVersion(llvm::raw_ostream &os);

} // namespace tritc::driver
