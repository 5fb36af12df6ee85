//===- EmulatedTiles.h - AMX on processors without it ---------------------===//
#pragma once

namespace tritc::targets::test {

/// From now on, SIGILL is handled by doing what instructions of AMX mean, on
/// registers of each thread's own. For processors that lack them.
/// \returns whether this is an x86-64 process
bool emulateTiles();

} // namespace tritc::targets::test
