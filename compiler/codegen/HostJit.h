//===- HostJit.h - Machine code in this process ---------------------------===//
#pragma once

#include "llvm/Support/Error.h"

#include <memory>

namespace llvm::orc {
class LLJIT;
}

namespace tritc::codegen {

/// Makes an empty session for object files of this machine. They all come to
/// lie within reach of each other's relative addresses, however large the
/// models are that the process has mapped. Errors are LLVM's.
llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> createHostJit();

} // namespace tritc::codegen
