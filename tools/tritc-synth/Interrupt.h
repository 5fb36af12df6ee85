//===- Interrupt.h - A signal that asks to stop ---------------------------===//
#pragma once

#include "compiler/support/Error.h"

#include <atomic>

namespace tritc::synth {

/// Set by the signal.
inline std::atomic<bool> interrupted = false;

/// ExitCode::Interrupted once the signal has come.
inline llvm::Error checkInterrupt() {
  return interrupted ? makeError(ExitCode::Interrupted, "interrupted")
                     : llvm::Error::success();
}

} // namespace tritc::synth
