//===- Stack.h - Stack enough for compiled code ---------------------------===//
#pragma once

#include "runtime/base/Failure.h"

#include <cstddef>

namespace tritc::exec {

/// Of each thread that runs compiled code, which takes 160 kB of it, whatever
/// the model.
inline constexpr size_t stackBytes = size_t{1} << 20;

/// Calls `body(context)` where the stack is large enough: here, once the limit
/// of this thread's stack has been raised, or on memory taken for it where the
/// limit is a hard one (`ulimit -s 64`). For the main thread, once at a time.
/// Internal where there is no such memory.
base::Failure callOnLargeStack(void (*body)(void *context), void *context);

} // namespace tritc::exec
