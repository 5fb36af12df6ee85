//===- EmulatedTiles.h - AMX on processors without it ---------------------===//
#pragma once

#include "targets/Target.h"

namespace tritc::targets::test {

/// From now on, SIGILL is handled by doing what instructions of AMX mean, on
/// registers of each thread's own. For processors that lack them.
/// \returns whether this is an x86-64 process
bool emulateTiles();

/// Whether this process can execute code for `target`, emulating tiles if those
/// are all that is missing.
bool executes(const Target &target);

} // namespace tritc::targets::test
