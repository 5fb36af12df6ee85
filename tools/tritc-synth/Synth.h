//===- Synth.h - Writes a synthetic checkpoint ----------------------------===//
#pragma once

#include "tools/tritc-synth/Shape.h"

#include "llvm/Support/Error.h"

namespace tritc::synth {

/// Writes the directory of `request`: weights streamed by all processors, a
/// few megabytes of memory whatever the size. Errors: ExitCode::Output,
/// ExitCode::Interrupted; nothing is left behind then.
llvm::Error writeCheckpoint(const Request &request);

} // namespace tritc::synth
