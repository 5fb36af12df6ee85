//===- OptionValues.h - What the options' values mean ---------------------===//
#pragma once

#include "compiler/driver/Options.h"

#include "llvm/Option/Arg.h"
#include "llvm/Support/Error.h"

namespace tritc::driver {

/// An error of code 1.
llvm::Error usage(const llvm::Twine &message);

/// A number from 1 to `most`.
llvm::Expected<uint64_t> parseCount(const llvm::opt::Arg &argument,
                                    uint64_t most);

// Each takes the value of the option of its name. Code 1 for one that makes no
// sense, 4 for an unknown target.
llvm::Error setName(llvm::StringRef name, Options &options);
llvm::Error setTargets(llvm::StringRef names, Options &options);
llvm::Error setMachine(llvm::StringRef name, Options &options);
llvm::Error setEmit(llvm::StringRef name, Options &options);
llvm::Error setHead(llvm::StringRef name, Options &options);
llvm::Error setCache(llvm::StringRef name, Options &options);
llvm::Error setSystem(llvm::StringRef name, Options &options);
llvm::Error setCLibrary(llvm::StringRef name, Options &options);
llvm::Error setSelftest(llvm::StringRef name, Options &options);
llvm::Error setStopAfter(llvm::StringRef name, Options &options);
llvm::Error setLayout(llvm::StringRef text, Options &options);
llvm::Error setTiles(llvm::StringRef text, Options &options);
/// A format for standard output, or a file whose ending names one.
llvm::Error setReport(llvm::StringRef text, Options &options);

/// Puts targets from the plainest to the most demanding. An executable holds
/// what its targets fall back on as well.
void arrangeTargets(Options &options);

/// The name of the machine that kernels of `target` are chosen for. Unless told
/// otherwise, it is that of a target that falls back on it, so that both choose
/// the same packings.
llvm::StringRef machineFor(const Options &options, const Target &target);

/// What an output is called by default behind the model's name.
llvm::StringRef endingOf(Emit emit);
/// Is it the default, the one that executables are for?
bool isLinux(const System &system);
const System &linuxSystem();
/// What an executable's selftest compares by default.
codegen::SelftestSize fullSelftest();

} // namespace tritc::driver
