//===- Options.h - The command line of tritc-synth ------------------------===//
#pragma once

#include "tools/tritc-synth/Shape.h"

#include "llvm/Support/Error.h"

namespace tritc::synth {

/// Reads the command line. `--help` and `--version` print and exit.
/// Errors: ExitCode::Usage, one line that names the option.
llvm::Expected<Request> parseOptions(int argc, char **argv);

} // namespace tritc::synth
