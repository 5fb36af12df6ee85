//===- SelectProgram.h - Which of the compiled programs runs --------------===//
#pragma once

#include "runtime/exec/CpuFeatures.h"

namespace tritc::exec {

/// The environment variable that names the target whose program shall run.
inline constexpr char targetVariable[] = "TRITC_TARGET";

/// Chooses the last program that runs with the features `available`, or the
/// one of the target `wanted`.
/// \param programs from the plainest to the most demanding, then null; one at
///                 least
/// \param wanted   null or empty for no wish
/// UnsupportedCpu where no program, or not the wanted one, can run here, and
/// for a name that is no program's.
base::Failure selectProgram(const TritcProgram *const *programs,
                            const Features &available, const char *wanted,
                            const TritcProgram *&chosen);

} // namespace tritc::exec
