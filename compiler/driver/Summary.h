//===- Summary.h - What a person reads once it is done --------------------===//
#pragma once

#include "compiler/driver/Options.h"
#include "compiler/report/Report.h"

#include "llvm/ADT/ArrayRef.h"

namespace tritc::driver {

/// "trit_bytes.80, lookup.4": the kernels that matrices of these targets got,
/// each once; their number where a line has no room for them.
std::string kernelNames(llvm::ArrayRef<report::TargetReport> targets);

/// What was made: file, size, and for an executable targets, `kernels` and, in
/// a second line, the command that runs it.
std::string summaryOf(const Options &options, bool embeds,
                      llvm::StringRef kernels, uint64_t bytes, double seconds);

} // namespace tritc::driver
