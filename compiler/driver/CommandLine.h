//===- CommandLine.h - The command line of tritc --------------------------===//
#pragma once

#include "compiler/driver/Options.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::driver {

/// Reads `arguments` (without the program's name). Code 1 for what makes no
/// sense, 4 for an unknown target.
llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> arguments);

/// `argument` as a shell takes it.
std::string quoted(llvm::StringRef argument);

/// The name of every target, from the plainest to the most demanding of each
/// architecture.
void printTargets(llvm::raw_ostream &os);

/// Options by group, targets, machines, phases and examples.
void printHelp(llvm::raw_ostream &os);

} // namespace tritc::driver
