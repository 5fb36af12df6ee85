//===- Bench.h - What more conversations at once bring --------------------===//
#pragma once

#include "runtime/chat/Commands.h"
#include "runtime/schedule/Job.h"

namespace tritc::serve {

/// Measures 1, 2, 4, ... conversations side by side, up to the slots, without a
/// network. Prints tokens per second of all together, and how many times those
/// of one that is.
base::Failure bench(const chat::Context &context,
                    schedule::SchedulerOptions options);

} // namespace tritc::serve
