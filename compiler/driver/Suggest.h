//===- Suggest.h - What was meant -----------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace tritc::driver {

/// The advice for an option that people bring along from other programs:
/// "-march=native", "-O3"; empty for others.
std::string adviceFor(llvm::StringRef spelling);

/// The target that `name` is part of, or is spelled almost like ("avx2",
/// "x86-avx512"); empty if there is none.
llvm::StringRef nearestTarget(llvm::StringRef name);

} // namespace tritc::driver
