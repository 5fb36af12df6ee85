//===- Registry.h - All targets -------------------------------------------===//
#pragma once

#include "targets/Target.h"

#include "llvm/ADT/ArrayRef.h"
#include <string>

namespace tritc {

/// Every target, from the plainest to the most demanding of each architecture.
llvm::ArrayRef<const Target *> allTargets();

/// The plainest target, whose results all others must give.
const Target &specification();

/// Does this machine have the target's architecture? Its features are another
/// question.
bool isForThisArchitecture(const Target &target);

/// Can this machine run the target's code?
bool runsHere(const Target &target);

/// The most demanding target that this machine can run.
const Target &nativeTarget();

/// LLVM's spelling of the features: "+avx2,+fma".
std::string featureString(const Target &target);

} // namespace tritc
