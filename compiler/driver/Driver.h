//===- Driver.h - The program tritc ---------------------------------------===//
#pragma once

namespace tritc::driver {

/// What main does: reads the command line, compiles, reports. Returns the exit
/// code. Every failure is exactly one line `tritc: error: ...` on standard
/// error; no failure and no signal leaves a partial output.
int run(int argc, char **argv);

} // namespace tritc::driver
