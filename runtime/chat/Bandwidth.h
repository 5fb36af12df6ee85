//===- Bandwidth.h - How fast this machine reads memory -------------------===//
#pragma once

#include "runtime/exec/Failure.h"
#include "runtime/exec/ThreadPool.h"

namespace tritc::chat {

/// Measures the best speed, in bytes per second, at which all threads of the
/// pool together read memory that no cache holds: the ceiling for decoding,
/// which reads all weights once per token. Takes about a second. \returns 0
/// when there is no memory for it.
double measureStreamBandwidth(exec::ThreadPool &pool);

} // namespace tritc::chat
