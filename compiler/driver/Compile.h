//===- Compile.h - From a checkpoint to what was asked for ----------------===//
#pragma once

#include "compiler/driver/Options.h"
#include "compiler/driver/Progress.h"

namespace tritc::driver {

/// Does what `options` ask for. Returns the exit code of the program that ran
/// (`--run`), 0 otherwise.
llvm::Expected<int> compile(const Options &options, Progress &progress);

} // namespace tritc::driver
