//===- Entry.h - Where an executable enters the runtime -------------------===//
//
// The one function that a linked executable and an in-process run both call.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/abi/Program.h"

extern "C" {

/// The command line of an emitted program.
///
/// \param programs tritc_programs of Program.h; the last that the CPU can run
/// is
///                 taken, or the one that the environment variable TRITC_TARGET
///                 names, before anything else happens
/// \param image    first byte of the mapped image, 4096-byte aligned, read only
///                 for as long as the call lasts
/// \returns the exit code: 0 ok, 1 usage, 2 a file cannot be read, 3 the image
///          is damaged, 4 the CPU cannot run it, 7 output failed, 70 no
///          memory or threads, 130 interrupted
int tritc_main(int argc, char **argv, const TritcProgram *const *programs,
               const TritcImageHeader *image);

} // extern "C"
